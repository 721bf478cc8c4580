package org.quorate.ledger.salvage;

import java.util.ArrayDeque;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.quorate.ledger.audit.Workers;
import org.quorate.ledger.chain.ChainSpec;

/**
 * The blocks of the damaged ledger one after the other, of which some are checked ahead by workers.
 * Owned by one thread.
 */
final class OldBlocks {
  /** Blocks that are being checked ahead. */
  private static final int AHEAD = 64;

  private final OldLedger ledger;
  private final ChainSpec spec;
  private final Workers workers;
  private final LongUnaryOperator step;
  private final ArrayDeque<Supplier<OldBlock>> ahead = new ArrayDeque<>();
  private long next;
  private final long last;

  private OldBlocks(
      OldLedger ledger,
      ChainSpec spec,
      Workers workers,
      LongUnaryOperator step,
      long first,
      long last) {
    this.ledger = ledger;
    this.spec = spec;
    this.workers = workers;
    this.step = step;
    this.next = first;
    this.last = last;
  }

  /** From a height down to a lower one. */
  static OldBlocks down(OldLedger ledger, ChainSpec spec, Workers workers, long first, long last) {
    return new OldBlocks(ledger, spec, workers, height -> height - 1, first, last);
  }

  /** From a height up, without end. */
  static OldBlocks up(OldLedger ledger, ChainSpec spec, Workers workers, long first) {
    return new OldBlocks(ledger, spec, workers, height -> height + 1, first, Long.MAX_VALUE);
  }

  /** The next; to be asked no more often than there are. */
  OldBlock next() {
    while (ahead.size() < AHEAD && next != step.applyAsLong(last)) {
      OldBlock.Entries entries = OldBlock.Entries.read(ledger, next);
      ahead.add(workers.begin(() -> entries.check(spec)));
      next = step.applyAsLong(next);
    }
    return ahead.remove().get();
  }
}
