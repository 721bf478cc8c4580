package org.quorate.ledger.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.StoreSnapshot;
import org.quorate.ledger.store.Table;

/**
 * A ledger in memory that has all there is: executed and failed transactions, keys that are set,
 * changed and removed, certificates of f+1, of a quorum and none; and ways to damage it.
 */
final class AuditedChain {
  static final int BLOCKS = 12;

  final TestChain chain = new TestChain();
  final MemoryStore store = new MemoryStore();
  final List<CommittedBlock> blocks = new ArrayList<>();
  private final TreeMap<Long, StoreSnapshot> states = new TreeMap<>();
  private Ledger ledger;

  AuditedChain() throws LedgerException {
    ledger = Ledger.open(store, chain.spec());
    for (int height = 1; height <= BLOCKS; height++) {
      apply(chain.next(ledger, transactions(height)));
      int[] signers = height % 4 == 1 ? new int[] {1, 2} : new int[] {0, 2, 3};
      if (height % 4 != 3) {
        ledger.putCheckpointCertificate(chain.certificate(ledger.checkpoint(), signers));
      }
      states.put((long) height, store.snapshot());
    }
  }

  private Transaction[] transactions(int height) {
    return new Transaction[] {
      chain.put(3L * height, "key " + height, "value"),
      chain.put(3L * height + 1, "key " + height / 2, "value of " + height),
      chain.transaction(
          TestChain.ALICE,
          3L * height - 1,
          new Operation.Add(ByteString.utf8("total"), -30),
          new Operation.Delete(ByteString.utf8("key " + (height - 3)))),
    };
  }

  Ledger ledger() {
    return ledger;
  }

  /** Takes a snapshot of the state after an earlier block whose result is certified. */
  Manifest snapshot(SnapshotFolder folder, long height) throws IOException {
    return folder.create(
        Objects.requireNonNull(states.get(height)),
        chain.spec().chainHash(),
        ledger.header(height).orElseThrow(),
        ledger.checkpointCertificate(height).orElseThrow());
  }

  /** Drops the transactions below a height. */
  void prune(long below) {
    while (ledger.prune(below)) {
      // some at a time
    }
  }

  /** Adds a block, whatever it is: a ledger takes what consensus made final. */
  void apply(CommittedBlock block) {
    blocks.add(block);
    ledger.apply(block);
  }

  AuditedChain put(byte[] key, byte[] value) {
    store.write(new Batch().put(key, value), true);
    return this;
  }

  AuditedChain put(Table table, long height, Encodable value) {
    return put(table.key(height), value.encoded());
  }

  AuditedChain remove(byte[] key) {
    store.write(new Batch().delete(key), true);
    return this;
  }

  AuditResult audit() {
    return audit(new MemoryStore(), AuditObserver.NONE);
  }

  AuditResult audit(KeyValueStore scratch, AuditObserver observer) {
    return new LedgerAudit(store, chain.spec(), scratch, Workers.NONE, observer).run();
  }

  /** What the audit finds, in a sentence; a line for a ledger that is sound. */
  String verdict() {
    return audit() instanceof AuditResult.Damaged damaged ? damaged.damage().sentence() : "sound";
  }
}
