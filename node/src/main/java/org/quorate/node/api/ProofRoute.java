package org.quorate.node.api;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.node.NodeLimits;

/**
 * The proof of a transaction. If asked to wait, it first waits for the execution, even of a
 * transaction that this node has not heard of yet, then for the checkpoint certificate of its
 * block.
 */
final class ProofRoute implements Handler {
  private final NodeView node;
  private final Waiters waiters;
  private final Reads reads;
  private final LedgerReads ledgerReads;

  ProofRoute(NodeView node, Waiters waiters, Reads reads) {
    this.node = node;
    this.waiters = waiters;
    this.reads = reads;
    this.ledgerReads = new LedgerReads(node);
  }

  @Override
  public CompletableFuture<Answer> handle(Request request) throws ProblemException {
    Digest hash = request.hash();
    int waitMillis = request.query("wait_ms", 0, 0, NodeLimits.HTTP_WAIT_MILLIS_MAX);
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    return proof(hash, deadlineNanos);
  }

  private CompletableFuture<Answer> proof(Digest hash, long deadlineNanos) {
    return CompletableFuture.completedFuture(hash)
        .thenComposeAsync(same -> nextOrProblem(same, deadlineNanos), reads.executor());
  }

  private CompletableFuture<Answer> nextOrProblem(Digest hash, long deadlineNanos) {
    try {
      return next(hash, deadlineNanos);
    } catch (ProblemException e) {
      return Router.done(e.problem().answer());
    }
  }

  private Optional<TransactionProof> proof(Digest hash) throws ProblemException {
    Optional<TransactionRecord> record = ledgerReads.transaction(hash);
    return record.isEmpty()
        ? Optional.empty()
        : ledgerReads.ofBlock(record.get().height(), () -> node.ledger().proof(hash));
  }

  /** On a read thread: the answer, or the wait for what it lacks and then this again. */
  private CompletableFuture<Answer> next(Digest hash, long deadlineNanos) throws ProblemException {
    Optional<TransactionProof> proof = proof(hash);
    long millisLeft = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (proof.isPresent() || millisLeft <= 0) {
      return Router.done(bundle(hash, proof));
    }
    Optional<TransactionRecord> record = ledgerReads.transaction(hash);
    CompletableFuture<?> event =
        record.isPresent()
            ? waiters.certificate(record.get().height(), millisLeft)
            : waiters.execution(hash, millisLeft);
    if (event.isDone()) { // there is no place to wait
      return Router.done(bundle(hash, proof(hash)));
    }
    if (record.isPresent() ? isProven(record.get().height()) : isExecuted(hash)) {
      event.cancel(false);
      return next(hash, deadlineNanos);
    }
    return event.thenCompose(nothing -> proof(hash, deadlineNanos));
  }

  private boolean isExecuted(Digest hash) throws ProblemException {
    return ledgerReads.transaction(hash).isPresent();
  }

  private boolean isProven(long height) throws ProblemException {
    return ledgerReads
        .ofBlock(height, () -> node.ledger().checkpointCertificate(height))
        .isPresent();
  }

  private Answer bundle(Digest hash, Optional<TransactionProof> proof) throws ProblemException {
    if (proof.isPresent()) {
      return new Answer.Whole(200, Answer.JSON, new Body(ProofJson.write(proof.get())), Map.of());
    }
    if (isExecuted(hash)) {
      throw new ProblemException(
          ProblemType.STILL_PENDING,
          "the transaction is executed, but too few checkpoints of its block are known yet");
    }
    if (node.pending(hash)) {
      throw new ProblemException(
          ProblemType.STILL_PENDING, "the transaction is accepted and not executed yet");
    }
    throw new ProblemException(ProblemType.NOT_FOUND, "this node knows no transaction " + hash);
  }
}
