package org.quorate.ledger.audit;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Follows the chain block by block: what depends on the blocks before, and the execution. Owned by
 * one thread; after a fault it must not be used.
 */
final class Replay {
  private final StoreReader audited;
  private final KeyValueStore scratch;
  private final ChainSpec spec;
  private final Optional<WorldState> state;
  private final TreeMap<PublicKey, ReplayWindow> windows;
  private BlockHeader parent;
  private AuditMark mark;

  /**
   * @param parent the header of the block that was reached
   */
  Replay(
      StoreReader audited,
      KeyValueStore scratch,
      ChainSpec spec,
      Scratch.Begun begun,
      BlockHeader parent) {
    this.audited = audited;
    this.scratch = scratch;
    this.spec = spec;
    this.state = begun.state();
    this.mark = begun.mark();
    this.parent = parent;
    SortedMap<PublicKey, ReplayWindow> used = WorldState.replayWindows(scratch, spec.clients());
    this.windows = new TreeMap<>(used);
  }

  AuditMark mark() {
    return mark;
  }

  /**
   * Checks, in this order:
   *
   * <ol>
   *   <li>The block's parent is the block before, and its timestamp is above that one's.
   *   <li>Of blocks above the state that was begun with: each nonce is fresh, and executed, the
   *       transactions give the receipts that are stored, and the roots.
   *   <li>Of others, whose transactions are kept: the receipts have the stored root.
   *   <li>The store finds each transaction where it stands.
   *   <li>The result is the one that was begun with, if that is of this block.
   * </ol>
   *
   * A block without transactions, where they are not kept, is followed by its header alone.
   */
  void follow(CheckedBlock checked) throws DamagedException {
    BlockHeader header = checked.header();
    if (!header.parentHash().equals(mark.reached().block().hash())) {
      throw damaged(checked, Table.HEADER, "its parent is not the block before");
    }
    if (header.timestampMillis() <= parent.timestampMillis()) {
      throw damaged(checked, Table.HEADER, "its timestamp is not above that of the block before");
    }
    Batch batch = new Batch();
    if (checked.body().isPresent()) {
      CheckedBlock.Body body = checked.body().get();
      if (mark.executes(header.height())) {
        execute(checked, body, batch);
      } else {
        checkReceipts(checked, body);
      }
      checkRecords(body);
    }
    checkBase(checked);
    boolean quorum = checked.checkpointSigners() >= spec.validators().quorum().quorum();
    mark = mark.next(checked, quorum);
    parent = header;
    batch.put(AuditMark.KEY, mark.encoded());
    scratch.write(batch, false);
  }

  /** What f+1 have signed of a block is the ledger's result too. */
  void checkBase(CheckedBlock checked) throws DamagedException {
    Optional<Checkpoint> base = mark.base().filter(of -> of.height() == checked.height());
    if (base.isPresent() && !base.get().equals(checked.checkpoint())) {
      throw damaged(
          checked,
          Table.CHECKPOINT,
          "stored is the result %s, but the snapshot proves %s"
              .formatted(checked.checkpoint(), base.get()));
    }
  }

  private static void checkReceipts(CheckedBlock checked, CheckedBlock.Body body)
      throws DamagedException {
    Digest root = Receipt.root(body.receipts());
    if (!root.equals(checked.checkpoint().receiptsRoot())) {
      throw damaged(
          checked,
          Table.RECEIPTS,
          "the receipts have the root %s, but the result has %s"
              .formatted(root, checked.checkpoint().receiptsRoot()));
    }
  }

  private void execute(CheckedBlock checked, CheckedBlock.Body body, Batch batch)
      throws DamagedException {
    WorldState world = state.orElseThrow();
    Block block = body.block();
    for (int i = 0; i < block.transactions().size(); i++) {
      use(checked, i, block.transactions().get(i));
    }
    List<Receipt> receipts = world.execute(block.transactions(), block.height(), batch);
    for (int i = 0; i < receipts.size(); i++) {
      Receipt stored = body.receipts().get(i);
      if (!stored.equals(receipts.get(i))) {
        throw damaged(
            checked,
            Table.RECEIPTS,
            "receipt %d says %s, but executed again it is %s"
                .formatted(i, told(stored), told(receipts.get(i))));
      }
    }
    Checkpoint checkpoint = new Checkpoint(block.id(), Receipt.root(receipts), world.root());
    if (!checkpoint.equals(checked.checkpoint())) {
      throw damaged(
          checked,
          Table.CHECKPOINT,
          "stored is the result %s, but executed again it is %s"
              .formatted(checked.checkpoint(), checkpoint));
    }
  }

  private void checkRecords(CheckedBlock.Body body) throws DamagedException {
    List<Receipt> receipts = body.receipts();
    for (int i = 0; i < receipts.size(); i++) {
      checkRecord(new TransactionRecord(body.block().height(), i, receipts.get(i)));
    }
  }

  private void use(CheckedBlock checked, int index, Transaction transaction)
      throws DamagedException {
    ReplayWindow window = windows.getOrDefault(transaction.client(), ReplayWindow.EMPTY);
    ReplayWindow.Freshness freshness = window.freshness(transaction.nonce());
    if (freshness != ReplayWindow.Freshness.FRESH) {
      throw damaged(
          checked,
          Table.TRANSACTIONS,
          "the nonce %d of transaction %d is %s".formatted(transaction.nonce(), index, freshness));
    }
    windows.put(transaction.client(), window.with(transaction.nonce()));
  }

  private void checkRecord(TransactionRecord expected) throws DamagedException {
    Digest hash = expected.receipt().transactionHash();
    byte[] key = Table.TRANSACTION.key(hash.bytes());
    Optional<byte[]> stored = audited.get(key);
    if (stored.isEmpty()) {
      throw new DamagedException(
          Damage.of(expected.height(), key, "the record of a transaction is missing"));
    }
    if (!new Entry(key, stored.get()).equalTo(new Entry(key, expected.encoded()))) {
      throw new DamagedException(
          Damage.of(
              expected.height(),
              key,
              "the record of a transaction is not that of its place %d and receipt"
                  .formatted(expected.index())));
    }
  }

  private static String told(Receipt receipt) {
    return receipt.outcome() + " (operation " + receipt.operation() + ")";
  }

  private static DamagedException damaged(CheckedBlock block, Table table, String detail) {
    return new DamagedException(Damage.of(block.height(), table.key(block.height()), detail));
  }
}
