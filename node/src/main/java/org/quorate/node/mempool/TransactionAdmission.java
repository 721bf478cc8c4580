package org.quorate.node.mempool;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.node.NodeLimits;

/**
 * The door to the mempool: decodes what clients and peers submit, checks it by the rules of the
 * chain, cheapest first, and puts it in. Signatures are verified by the worker threads, in
 * parallel, once for each transaction in this node: {@link #check} skips in a proposal what was
 * verified before.
 *
 * <p>Safe for use by any thread.
 */
public final class TransactionAdmission {
  private final Digest chainHash;
  private final int transactionBytesMax;
  private final TransactionChecker checker;
  private final Mempool pool;
  private final Predicate<Digest> executed;
  private final Executor workers;
  private final int workerThreads;
  private final AdmissionBacklog ofClients = new AdmissionBacklog();
  private final AdmissionBacklog ofPeers = new AdmissionBacklog();

  /**
   * @param executed whether the ledger holds a transaction of that hash; asked only when its nonce
   *     was used
   * @param workers runs the checks
   * @param workerThreads how many threads that has
   */
  public TransactionAdmission(
      ChainSpec chain,
      SignatureVerifier verifier,
      Mempool pool,
      Predicate<Digest> executed,
      Executor workers,
      int workerThreads) {
    this.chainHash = chain.chainHash();
    this.transactionBytesMax = chain.parameters().transactionBytesMax();
    this.checker =
        new TransactionChecker(
            new TransactionRules(chain, verifier), NodeLimits.VERIFIED_HASHES_MAX);
    this.pool = pool;
    this.executed = executed;
    this.workers = workers;
    this.workerThreads = workerThreads;
  }

  /**
   * Submits transactions by their canonical bytes. What is accepted is in the mempool when the
   * future completes, in this order.
   *
   * @param encoded not to be changed afterwards
   * @return a result for each, in order; completes on a worker thread, exceptionally only if the
   *     node is shutting down or a check is broken
   */
  public CompletableFuture<List<AdmissionResult>> submit(List<byte[]> encoded) {
    return submit(encoded, ofClients);
  }

  /**
   * {@link #submit} for what a peer forwards. It waits in a room of its own: else anybody who sends
   * this node more than it can check, were it only bad signatures, would make it a primary that
   * takes nothing of others, which is what a censor is (PROTOCOL.md, R24).
   */
  public CompletableFuture<List<AdmissionResult>> submitForwarded(List<byte[]> encoded) {
    return submit(encoded, ofPeers);
  }

  private CompletableFuture<List<AdmissionResult>> submit(
      List<byte[]> encoded, AdmissionBacklog backlog) {
    long bytes = encoded.stream().mapToLong(one -> one.length).sum();
    if (!backlog.enter(encoded.size(), bytes)) {
      AdmissionResult refused =
          new AdmissionResult.Rejected(
              Refusal.FULL, "the node has more transactions to check than it can; try again soon");
      return CompletableFuture.completedFuture(encoded.stream().map(one -> refused).toList());
    }
    Submission submission = new Submission(encoded, this::examine, this::enter);
    ParallelRun run = new ParallelRun(encoded.size(), submission::examine);
    try {
      run.start(workers, workerThreads);
    } catch (RejectedExecutionException e) {
      backlog.leave(encoded.size(), bytes);
      return CompletableFuture.failedFuture(e);
    }
    return run.done()
        .thenApply(nothing -> submission.finish())
        .whenComplete((results, failure) -> backlog.leave(encoded.size(), bytes));
  }

  /** Number of submitted transactions that wait for their check. */
  public int waiting() {
    return ofClients.transactions() + ofPeers.transactions();
  }

  private Examined examine(byte[] encoded) {
    if (encoded.length <= transactionBytesMax) {
      // Most of what peers forward is here already: it need not even be decoded.
      Digest hash = Transaction.hash(chainHash, encoded);
      if (pool.contains(hash)) {
        return new Examined.Decided(new AdmissionResult.Known(hash, false));
      }
    }
    return Examined.of(encoded, transactionBytesMax, this::examine);
  }

  /** Everything but the entry itself; a transaction that is known or has no room costs no check. */
  private Examined examine(Transaction transaction) {
    var fault = checker.checkUnsigned(transaction);
    if (fault.isPresent()) {
      return Examined.refused(fault.get());
    }
    Mempool.Standing standing = pool.standing(transaction);
    if (standing != Mempool.Standing.NEW) {
      return new Examined.Decided(answer(transaction, standing));
    }
    return checker
        .check(transaction)
        .<Examined>map(Examined::refused)
        .orElseGet(() -> new Examined.Candidate(transaction));
  }

  private List<AdmissionResult> enter(List<Transaction> candidates) {
    List<Mempool.Standing> standings = pool.addAll(candidates);
    AdmissionResult[] results = new AdmissionResult[standings.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = answer(candidates.get(i), standings.get(i));
    }
    return List.of(results);
  }

  private AdmissionResult answer(Transaction transaction, Mempool.Standing standing) {
    return switch (standing) {
      case NEW -> new AdmissionResult.Accepted(transaction);
      case PENDING -> new AdmissionResult.Known(transaction.hash(), false);
      case NONCE_REPEATED ->
          knownOr(
              transaction,
              Refusal.NONCE_REPEATED,
              "another transaction of this client has the nonce " + transaction.nonce());
      case NONCE_TOO_OLD ->
          knownOr(
              transaction,
              Refusal.NONCE_TOO_OLD,
              "the nonce "
                  + transaction.nonce()
                  + " is below the client's replay window; its highest nonce so far is "
                  + pool.highestNonce(transaction.client()));
      case CLIENT_QUOTA ->
          new AdmissionResult.Rejected(
              Refusal.CLIENT_QUOTA,
              "this client has as many transactions pending as one may; wait for their execution");
      case FULL ->
          new AdmissionResult.Rejected(
              Refusal.FULL,
              "the node has as many transactions pending as it can hold; try again soon");
    };
  }

  private AdmissionResult knownOr(Transaction transaction, Refusal refusal, String detail) {
    return executed.test(transaction.hash())
        ? new AdmissionResult.Known(transaction.hash(), true)
        : new AdmissionResult.Rejected(refusal, detail);
  }

  /**
   * Whether every transaction of a proposed block meets the rules of the chain. The calling thread
   * does its share, and all of it when the workers are busy, so a proposal never waits behind
   * submissions.
   *
   * @throws CompletionException if a check is broken
   */
  public boolean check(Block block) {
    List<Transaction> unverified =
        block.transactions().stream().filter(one -> !checker.isVerified(one)).toList();
    AtomicBoolean good = new AtomicBoolean(true);
    ParallelRun run =
        new ParallelRun(
            unverified.size(),
            item -> {
              if (good.get() && checker.check(unverified.get(item)).isPresent()) {
                good.set(false);
              }
            });
    run.startHelpers(workers, workerThreads);
    run.takePart();
    run.done().join();
    return good.get();
  }
}
