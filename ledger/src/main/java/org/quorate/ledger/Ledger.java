package org.quorate.ledger;

import static org.quorate.ledger.ChainStore.present;
import static org.quorate.ledger.ChainStore.readable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.DivergenceError;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.state.StateView;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreSnapshot;
import org.quorate.ledger.store.Table;

/**
 * The chain as one replica has it: every committed block in order with its commit certificate, the
 * state and receipts it made, and the checkpoint certificates that prove those.
 *
 * <p>{@link #apply}, {@link #putCheckpointCertificate} and {@link #repair} belong to one thread,
 * {@link #prune} to one; everything else may be called by any thread at any time and never sees
 * half a block. What a certificate says is the caller's to check: the ledger holds nothing but what
 * consensus made final. A {@link StorageException} from any method means that the disk or what lies
 * on it failed; after one from {@code apply} the ledger must be closed and opened again.
 */
public final class Ledger implements AutoCloseable {
  private final KeyValueStore store;
  private final ChainStore reads;
  private final ChainSpec spec;
  private final WorldState state;
  private final Pruning pruning;
  private volatile Tip tip;
  private volatile @Nullable ProvenStates provenStates;

  /** Whether a block was begun and not finished, so that the state is ahead of the store. */
  private boolean torn;

  private Ledger(KeyValueStore store, ChainSpec spec, LedgerOpening.Opened opened) {
    this.store = store;
    this.reads = new ChainStore(store, spec.chainHash());
    this.pruning = new Pruning(store, reads);
    this.spec = spec;
    this.state = opened.state();
    this.tip = opened.tip();
  }

  /** As {@link #open(KeyValueStore, ChainSpec, TreeLimits)} with {@link TreeLimits#DEFAULTS}. */
  public static Ledger open(KeyValueStore store, ChainSpec spec) throws LedgerException {
    return open(store, spec, TreeLimits.DEFAULTS);
  }

  /**
   * Opens the ledger of the chain in {@code store}, which from now on is the ledger's to close. An
   * empty store becomes a ledger with the genesis state.
   *
   * @param limits of the index of the state
   * @throws LedgerException if the store holds another chain or something else, or is damaged; the
   *     store is still the caller's then
   * @throws StorageException if the disk is full; so it is then
   */
  public static Ledger open(KeyValueStore store, ChainSpec spec, TreeLimits limits)
      throws LedgerException {
    return new Ledger(store, spec, new LedgerOpening(store, spec, limits).open());
  }

  /**
   * Puts into {@code batch} what makes a ledger of a store that has the state after a block and
   * nothing else. What the certificates say is the caller's to check.
   *
   * @param certificate of f+1 or more, for the header's block
   */
  public static void begin(
      ChainSpec spec, CommittedHeader header, CheckpointCertificate certificate, Batch batch) {
    long height = certificate.height();
    batch
        .put(Table.KEPT.key(), new KeptRecord(height, height + 1).encoded())
        .put(Table.HEADER.key(height), header.encoded())
        .put(Table.CHECKPOINT.key(height), certificate.checkpoint().encoded())
        .put(Table.CERTIFICATE.key(height), certificate.encoded())
        .put(Table.TIP.key(), new TipRecord(spec.chainHash(), height).encoded());
    if (isStable(spec, certificate)) {
      batch.put(Table.STABLE.key(), new Encoder().u64(height).toBytes());
    }
  }

  /**
   * The lowest height of which it has the header, or would if there were a block: 1, or that of the
   * snapshot that it began with.
   */
  public long headersFrom() {
    return pruning.kept().headersFrom();
  }

  /** The lowest height of which it has the transactions, or would if there were a block. */
  public long transactionsFrom() {
    return pruning.kept().transactionsFrom();
  }

  /**
   * Drops transactions, receipts and transaction records of the lowest blocks that have them, but
   * not of many at a time. Headers and certificates stay. Belongs to one thread, which need not be
   * that of {@link #apply}.
   *
   * @param below the lowest height of which everything is kept: not above the stable checkpoint
   * @return whether there is more to drop
   * @throws IllegalArgumentException if {@code below} is higher
   * @throws StorageException also if nothing says which transactions the block at {@link
   *     #transactionsFrom} had, until it is repaired
   */
  public boolean prune(long below) {
    if (below > reads.stableHeight().orElse(0L)) {
      throw new IllegalArgumentException(
          "block " + below + " is not known to be below a stable checkpoint");
    }
    return pruning.drop(below);
  }

  /**
   * Gives the disk back what {@link #prune} has dropped. Takes a while; reads and writes go on.
   *
   * @param goOn asked again and again
   */
  public void compact(BooleanSupplier goOn) {
    pruning.compact(goOn);
  }

  /** To read all of it again, from the first block on. */
  public Scrub scrub() {
    return new Scrub(store, spec.chainHash());
  }

  /** The whole store as it is now, whatever is executed later. Must be closed. */
  public StoreSnapshot snapshot() {
    return store.snapshot();
  }

  /** What executing the last block gave; for the genesis block the root of the initial state. */
  public Checkpoint checkpoint() {
    return tip.checkpoint();
  }

  /** The header of the last block. */
  public BlockHeader tipHeader() {
    return tip.header();
  }

  /** The certificate that made the last block final; none for the genesis block. */
  public Optional<QuorumCertificate> tipCommit() {
    return tip.commit();
  }

  /** The replay windows of all clients that have used a nonce, after the last block. */
  public SortedMap<PublicKey, ReplayWindow> replayWindows() {
    return WorldState.replayWindows(store, spec.clients());
  }

  /** The replay window of {@code client} after the last block; empty if it has used no nonce. */
  public ReplayWindow replayWindow(PublicKey client) {
    return WorldState.replayWindow(store, client);
  }

  /**
   * Executes the block after the tip and keeps it with all that it made. On return it is on the
   * disk; a crash before leaves nothing of it.
   *
   * @throws DivergenceError if its result contradicts a checkpoint certificate
   * @throws AssertionError if the block does not follow the tip
   */
  public Applied apply(CommittedBlock committed) {
    Block block = committed.block();
    if (torn) {
      throw new AssertionError("an earlier block could not be applied");
    }
    BlockId parent = tip.checkpoint().block();
    if (!block.chainHash().equals(spec.chainHash())
        || block.height() != parent.height() + 1
        || !block.header().parentHash().equals(parent.hash())) {
      throw new AssertionError(block + " does not follow " + parent);
    }
    torn = true;
    Batch batch = new Batch();
    List<Receipt> receipts = state.execute(block.transactions(), block.height(), batch);
    Checkpoint checkpoint = new Checkpoint(block.id(), Receipt.root(receipts), state.root());
    reads.certificate(block.height()).ifPresent(known -> checkAgrees(checkpoint, known));
    batch.put(
        Table.HEADER.key(block.height()),
        new CommittedHeader(block.header(), committed.commit()).encoded());
    batch.put(Table.TRANSACTIONS.key(block.height()), ChainStore.list(block.transactions()));
    batch.put(Table.RECEIPTS.key(block.height()), ChainStore.list(receipts));
    batch.put(Table.CHECKPOINT.key(block.height()), checkpoint.encoded());
    for (int i = 0; i < receipts.size(); i++) {
      Receipt receipt = receipts.get(i);
      batch.put(
          Table.TRANSACTION.key(receipt.transactionHash().bytes()),
          new TransactionRecord(block.height(), i, receipt).encoded());
    }
    batch.put(Table.TIP.key(), new TipRecord(spec.chainHash(), block.height()).encoded());
    store.write(batch, true);
    tip = new Tip(block.header(), Optional.of(committed.commit()), checkpoint);
    torn = false;
    holdState();
    return new Applied(checkpoint, receipts);
  }

  /**
   * Holds from now on the state after the last proven block, so that {@link #proof(SortedSet)} can
   * prove it: some memory, and a snapshot of the store for each block until it is proven.
   */
  public void holdProvenState() {
    provenStates = new ProvenStates();
    holdState();
  }

  private void holdState() {
    ProvenStates states = provenStates;
    long height = tip.checkpoint().height();
    if (states == null || height == 0) { // nobody certifies the genesis state
      return;
    }
    StoreSnapshot snapshot = store.snapshot();
    states.executed(height, state.view(snapshot), snapshot);
    if (readable(() -> reads.certificate(height)).isPresent()) {
      states.proven(height);
    }
  }

  /**
   * Keeps a valid checkpoint certificate, unless one of as many signers can be read for its height,
   * or it is of a block before the ledger's first. A crash may lose it.
   *
   * @throws DivergenceError if it proves another result than this replica's
   */
  public void putCheckpointCertificate(CheckpointCertificate certificate) {
    long height = certificate.height();
    if (height < headersFrom()) {
      return;
    }
    Checkpoint last = tip.checkpoint();
    Optional<Checkpoint> mine =
        height == last.height()
            ? Optional.of(last)
            : readable(() -> reads.checkpoint(height)); // it comes back with its block
    mine.ifPresent(own -> checkAgrees(own, certificate));
    Optional<CheckpointCertificate> known = readable(() -> reads.certificate(height));
    if (known.isPresent() && known.get().signatures().size() >= certificate.signatures().size()) {
      return;
    }
    Batch batch = new Batch();
    batch.put(Table.CERTIFICATE.key(height), certificate.encoded());
    if (isStable(spec, certificate) && height > reads.stableHeight().orElse(-1L)) {
      batch.put(Table.STABLE.key(), new Encoder().u64(height).toBytes());
    }
    store.write(batch, false);
    ProvenStates states = provenStates;
    if (states != null) {
      states.proven(height);
    }
  }

  private static boolean isStable(ChainSpec spec, CheckpointCertificate certificate) {
    return certificate.signatures().size() >= spec.validators().quorum().quorum();
  }

  /**
   * Makes what can be made readable again of what is stored of a block, of which some cannot be
   * read: from the block as another replica has it, whose certificates are the caller's to check,
   * and from what is left here. Belongs to the thread of {@link #apply}. On return it is on the
   * disk.
   *
   * <p>Taken is only the block that this ledger has at that height, as its own checkpoint, a
   * checkpoint certificate or the next header here says, whichever can be read. Receipts come from
   * nowhere else: if they are lost as such and in the transaction records too, they stay lost.
   *
   * @param certificate of the block's result, f+1 or more
   * @throws DivergenceError if that proves another result than this replica's
   */
  public RepairResult repair(CommittedBlock block, Optional<CheckpointCertificate> certificate) {
    long height = block.block().height();
    Checkpoint last = tip.checkpoint();
    RepairResult result;
    synchronized (pruning) { // see there
      if (height < headersFrom() || height > last.height()) {
        return RepairResult.REFUSED;
      }
      BlockRepair repair = new BlockRepair(reads, pruning.kept(), block, certificate);
      result = repair.prepare(height == last.height() ? Optional.of(last) : Optional.empty());
      if (result.written() > 0) {
        store.write(repair.batch(), true);
      }
    }
    if (result.accepted()) {
      certificate.ifPresent(this::putCheckpointCertificate);
    }
    return result;
  }

  static void checkAgrees(Checkpoint own, CheckpointCertificate proven) {
    if (!own.equals(proven.checkpoint())) {
      throw new DivergenceError(own, proven);
    }
  }

  /**
   * The block at {@code height} with its commit certificate; empty beyond {@link #transactionsFrom}
   * to the tip.
   *
   * @throws StorageException also if it is missing in between
   */
  public Optional<CommittedBlock> block(long height) {
    return block(height, reads::block);
  }

  /** The bytes of {@link #block}, undecoded: for others, who check them. */
  public Optional<byte[]> encodedBlock(long height) {
    return block(height, reads::encodedBlock);
  }

  private <T> Optional<T> block(long height, LongFunction<Optional<T>> read) {
    long last = tip.checkpoint().height(); // before the read, which may miss what is executed now
    Optional<T> found = height < 1 ? Optional.empty() : read.apply(height);
    return found.isPresent() || height > last || pruning.hasDropped(height)
        ? found
        : Optional.of(present(found, "block " + height));
  }

  /**
   * The header at {@code height} with its commit certificate; empty beyond {@link #headersFrom} to
   * the tip.
   *
   * @throws StorageException also if it is missing in between
   */
  public Optional<CommittedHeader> header(long height) {
    long last = tip.checkpoint().height();
    Optional<CommittedHeader> found = height < 1 ? Optional.empty() : reads.header(height);
    return found.isPresent() || height > last || height < headersFrom()
        ? found
        : Optional.of(present(found, "header " + height));
  }

  /** The bytes of {@link #checkpointCertificate}, as they are stored. */
  public Optional<byte[]> encodedCheckpointCertificate(long height) {
    return reads.encodedCertificate(height);
  }

  /**
   * What executing the block at {@code height} gave; empty beyond {@link #headersFrom}, or 0 if
   * that is 1, to the tip.
   *
   * @throws StorageException also if it is missing in between
   */
  public Optional<Checkpoint> checkpoint(long height) {
    long last = tip.checkpoint().height();
    Optional<Checkpoint> found = reads.checkpoint(height);
    return found.isPresent() || height > last || height < headersFrom()
        ? found
        : Optional.of(present(found, "checkpoint " + height));
  }

  /** The checkpoint certificate of the most signers, f+1 or more, that is known for a height. */
  public Optional<CheckpointCertificate> checkpointCertificate(long height) {
    return reads.certificate(height);
  }

  /** The highest checkpoint certificate of a quorum. */
  public Optional<CheckpointCertificate> stableCheckpoint() {
    return reads.stableHeight().flatMap(reads::certificate);
  }

  /** Where the transaction stands, if the chain has it. */
  public Optional<TransactionRecord> transaction(Digest hash) {
    return reads.transaction(hash);
  }

  /**
   * What proves a transaction and its result to anyone who has the genesis file; empty if the chain
   * does not have it, or no checkpoint certificate of its block is known yet.
   */
  public Optional<TransactionProof> proof(Digest hash) {
    try (StoreSnapshot moment = store.snapshot()) { // old blocks may be dropped meanwhile
      return proof(new ChainStore(moment, spec.chainHash()), hash);
    }
  }

  private static Optional<TransactionProof> proof(ChainStore reads, Digest hash) {
    Optional<TransactionRecord> found = reads.transaction(hash);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    long height = found.get().height();
    return reads
        .certificate(height)
        .map(
            certificate ->
                TransactionProof.of(
                    present(reads.block(height), "block " + height),
                    found.get().index(),
                    present(reads.receipts(height), "receipts of block " + height),
                    certificate));
  }

  /**
   * What proves the values of keys after the last block whose result is proven, to anyone who has
   * the genesis file; empty if there is no such block yet, or {@link #holdProvenState} was not
   * called.
   *
   * @param keys 1 to {@value StateProof#KEYS_MAX}
   */
  public Optional<StateProof> proof(SortedSet<ByteString> keys) {
    ProvenStates states = provenStates;
    return states == null
        ? Optional.empty()
        : states.read((height, view) -> proof(height, view, keys));
  }

  private StateProof proof(long height, StateView view, SortedSet<ByteString> keys) {
    CommittedHeader committed = present(reads.header(height), "header " + height);
    return new StateProof(
        spec.chainHash(),
        committed.header(),
        committed.commit(),
        present(reads.certificate(height), "checkpoint certificate " + height),
        view.values(keys),
        view.path(keys));
  }

  /** The value at {@code key} and the height at which it is read. */
  public StateReading state(ByteString key) {
    try (StoreSnapshot snapshot = store.snapshot()) {
      TipRecord at = present(new ChainStore(snapshot, spec.chainHash()).tip(), "tip");
      return new StateReading(at.height(), WorldState.value(snapshot, key));
    }
  }

  /** The ids of the blocks from {@code fromHeight}, 0 or more, up to the tip. */
  public List<BlockId> recent(long fromHeight) {
    long to = tip.checkpoint().height();
    List<BlockId> ids = new ArrayList<>();
    for (long height = fromHeight; height <= to; height++) {
      ids.add(present(reads.checkpoint(height), "checkpoint " + height).block());
    }
    return ids;
  }

  /** Closes the store; waits for reads under way. */
  @Override
  public void close() {
    store.close();
  }
}
