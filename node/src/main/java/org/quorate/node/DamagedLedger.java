package org.quorate.node;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.salvage.SalvageObserver;
import org.quorate.ledger.salvage.SalvageResult;
import org.quorate.ledger.salvage.SalvageResult.Diverged;
import org.quorate.ledger.salvage.SalvageResult.NoStart;
import org.quorate.ledger.salvage.SalvageResult.Saved;
import org.quorate.ledger.salvage.SalvageStage;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.storage.DataFolder;
import org.quorate.node.storage.LedgerRepair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger that is to be made anew before the node starts, as {@code quorate ledger repair} does.
 * Its files are set aside.
 */
final class DamagedLedger {
  private static final Logger log = LoggerFactory.getLogger(DamagedLedger.class);

  private final DataFolder folder;
  private final ChainSpec chain;

  DamagedLedger(DataFolder folder, ChainSpec chain) {
    this.folder = folder;
    this.chain = chain;
  }

  /** Why it was not made anew, for the operator; nothing was changed. */
  static final class NotRepairedException extends Exception {
    private static final long serialVersionUID = 1L;

    NotRepairedException(String message) {
      super(message);
    }
  }

  /**
   * Makes it anew.
   *
   * @param damage what was found
   * @param wholly whether it must not end with an earlier block than before
   * @throws NodeStartException if its result of a block is not the one that was signed: it must not
   *     be used
   */
  void repair(String damage, boolean wholly) throws NotRepairedException, NodeStartException {
    log.warn("the ledger is damaged and is made anew of what can be read of it: {}", damage);
    try (LedgerRepair repair = new LedgerRepair(folder, chain)) {
      SalvageResult result = repair.salvage(new Progress());
      if (result instanceof Diverged diverged) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            ("the ledger is damaged and has diverged: %s is the result of block %d here, but %s %s."
                    + " `quorate ledger repair` tells more")
                .formatted(
                    diverged.own(),
                    diverged.own().height(),
                    diverged.other(),
                    diverged.proven() ? "is what f+1 have signed" : "is what the node had before"));
      }
      if (result instanceof NoStart none) {
        throw new NotRepairedException(none.reason());
      }
      Saved saved = (Saved) result;
      if (saved.end().isPresent() && (wholly || chain.validators().n() == 1)) {
        throw new NotRepairedException(
            "it would end with block %d, since %s"
                .formatted(saved.tip().height(), saved.end().get()));
      }
      repair.check(saved);
      repair.replace();
      log.warn(
          "the ledger is sound again and ends with block {}, before with {}; not there: {}; its old"
              + " files are in {}, for you to remove",
          saved.tip().height(),
          saved.oldHeight().map(String::valueOf).orElse("one that is not known"),
          saved.whole() ? "nothing" : saved.lost(),
          folder.ledgers().setAside());
    } catch (LedgerException | StorageException | IOException e) {
      throw new NotRepairedException(String.valueOf(e.getMessage()));
    }
  }

  /** Some ten lines for each stage. */
  private static final class Progress implements SalvageObserver {
    private static final int LINES = 10;

    private @Nullable SalvageStage stage;
    private long told;

    @Override
    public void refuses(long snapshotHeight, String reason) {
      log.warn("the snapshot of height {} is of no use: {}", snapshotHeight, reason);
    }

    @Override
    public void begins(long height) {
      log.info(
          "blocks are executed again from {}",
          height == 0 ? "the genesis on" : "the snapshot of height " + height + " on");
    }

    @Override
    public void progress(SalvageStage now, long done, long total) {
      long lines = LINES * done / Math.max(1, total);
      if (now != stage || lines > told) {
        stage = now;
        told = lines;
        log.info("{}: {} of {}", now.name().toLowerCase(Locale.ROOT), done, total);
      }
    }
  }
}
