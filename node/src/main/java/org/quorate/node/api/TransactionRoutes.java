package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.TransactionRecord;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;
import org.quorate.node.NodeLimits;
import org.quorate.node.mempool.AdmissionResult;

/** Submitting transactions, and asking what became of them. */
final class TransactionRoutes {
  private static final String NOT_HEX = "not an even number of lower-case hex digits";

  private final NodeView node;
  private final Waiters waiters;
  private final Reads reads;
  private final LedgerReads ledgerReads;
  private final RejectionObserver rejections;

  /** Is told the slug of each refusal, for the metrics. */
  @FunctionalInterface
  interface RejectionObserver {
    void rejected(String slug);
  }

  TransactionRoutes(NodeView node, Waiters waiters, Reads reads, RejectionObserver rejections) {
    this.node = node;
    this.waiters = waiters;
    this.reads = reads;
    this.ledgerReads = new LedgerReads(node);
    this.rejections = rejections;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/transactions", this::submit, "wait", "timeout_ms"),
        Route.post("/api/v1/transactions/batch", this::submitBatch),
        Route.get("/api/v1/transactions/{hash}", this::transaction),
        Route.get(
            "/api/v1/transactions/{hash}/proof", new ProofRoute(node, waiters, reads), "wait_ms"));
  }

  private CompletableFuture<Answer> submit(Request request) throws ProblemException {
    Optional<String> wait = request.query("wait");
    if (wait.isPresent() && !wait.get().equals("executed")) {
      throw new ProblemException(ProblemType.MALFORMED_PARAMETER, "wait may be executed");
    }
    if (wait.isEmpty() && request.query("timeout_ms").isPresent()) {
      throw new ProblemException(
          ProblemType.MALFORMED_PARAMETER, "timeout_ms goes with wait=executed");
    }
    int timeoutMillis =
        request.query(
            "timeout_ms", NodeLimits.HTTP_WAIT_MILLIS_DEFAULT, 1, NodeLimits.HTTP_WAIT_MILLIS_MAX);
    byte[] transaction = SubmissionReader.one(request.body());
    return node.submit(List.of(transaction))
        .thenCompose(results -> answer(results.get(0), wait.isPresent() ? timeoutMillis : 0));
  }

  /**
   * @param waitMillis how long to wait for the execution; 0 to answer at once
   */
  private CompletableFuture<Answer> answer(AdmissionResult result, int waitMillis) {
    if (result instanceof AdmissionResult.Rejected rejected) {
      return Router.done(problem(rejected).answer());
    }
    Digest hash = hash(result);
    if (result instanceof AdmissionResult.Known known && known.executed()) {
      return reads.answer(
          () ->
              ledgerReads
                  .transaction(hash)
                  .map(record -> executed(200, record))
                  .orElseGet(() -> pending(202, hash)));
    }
    return waitMillis == 0 ? Router.done(pending(202, hash)) : executedWithin(hash, waitMillis);
  }

  private CompletableFuture<Answer> executedWithin(Digest hash, int waitMillis) {
    var execution = waiters.execution(hash, waitMillis);
    if (!node.pending(hash) && !execution.isDone()) {
      // Executed between its admission and our waiting, or driven out by another of its nonce.
      execution.cancel(false);
      return reads.answer(() -> outcome(hash));
    }
    return execution.thenCompose(
        record ->
            record.isPresent()
                ? Router.done(executed(200, record.get()))
                : reads.answer(() -> outcome(hash)));
  }

  private Answer outcome(Digest hash) throws ProblemException {
    Optional<TransactionRecord> record = ledgerReads.transaction(hash);
    if (record.isPresent()) {
      return executed(200, record.get());
    }
    if (node.pending(hash)) {
      throw new ProblemException(
          ProblemType.STILL_PENDING,
          "transaction " + hash + " is accepted and not executed yet; ask again");
    }
    throw new ProblemException(
        ProblemType.NONCE_REPEATED,
        "transaction "
            + hash
            + " was driven out by another that used its nonce or a far later one");
  }

  private Problem problem(AdmissionResult.Rejected rejected) {
    ProblemType type = ProblemType.of(rejected.refusal());
    rejections.rejected(type.slug());
    return new Problem(type, rejected.detail());
  }

  private static Digest hash(AdmissionResult result) {
    if (result instanceof AdmissionResult.Accepted accepted) {
      return accepted.transaction().hash();
    }
    if (result instanceof AdmissionResult.Known known) {
      return known.hash();
    }
    throw new AssertionError("a rejected transaction has no hash");
  }

  private CompletableFuture<Answer> submitBatch(Request request) throws ProblemException {
    List<Optional<Body>> elements = SubmissionReader.many(request.body());
    List<byte[]> transactions = new ArrayList<>(elements.size());
    for (Optional<Body> element : elements) {
      element.ifPresent(body -> transactions.add(body.bytes()));
    }
    return node.submit(transactions).thenApply(results -> batchAnswer(elements, results));
  }

  private Answer batchAnswer(List<Optional<Body>> elements, List<AdmissionResult> results) {
    Iterator<AdmissionResult> next = results.iterator();
    return Answer.json(
        200,
        json -> {
          json.writeArrayFieldStart("results");
          for (Optional<Body> element : elements) {
            json.writeStartObject();
            if (element.isPresent()) {
              writeResult(json, next.next());
            } else {
              writeProblem(json, new Problem(ProblemType.MALFORMED_HEX, NOT_HEX));
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private void writeResult(JsonGenerator json, AdmissionResult result) throws IOException {
    if (result instanceof AdmissionResult.Rejected rejected) {
      writeProblem(json, problem(rejected));
    } else {
      boolean executed = result instanceof AdmissionResult.Known known && known.executed();
      json.writeStringField("hash", hash(result).hex());
      json.writeStringField("status", executed ? "executed" : "pending");
    }
  }

  private static void writeProblem(JsonGenerator json, Problem problem) throws IOException {
    json.writeFieldName("problem");
    problem.writeTo(json);
  }

  private CompletableFuture<Answer> transaction(Request request) throws ProblemException {
    Digest hash = request.hash();
    return reads.answer(
        () -> {
          Optional<TransactionRecord> record = ledgerReads.transaction(hash);
          if (record.isPresent()) {
            return executed(200, record.get());
          }
          if (node.pending(hash)) {
            return pending(200, hash);
          }
          throw new ProblemException(
              ProblemType.NOT_FOUND, "this node knows no transaction " + hash);
        });
  }

  private static Answer pending(int status, Digest hash) {
    return Answer.json(
        status,
        json -> {
          json.writeStringField("hash", hash.hex());
          json.writeStringField("status", "pending");
        });
  }

  private static Answer executed(int status, TransactionRecord record) {
    Receipt receipt = record.receipt();
    return Answer.json(
        status,
        json -> {
          json.writeStringField("hash", receipt.transactionHash().hex());
          json.writeStringField("status", "executed");
          json.writeNumberField("height", record.height());
          json.writeNumberField("index", record.index());
          json.writeStringField("outcome", outcome(receipt));
          json.writeNumberField("operation", receipt.operation());
        });
  }

  /** The word for an outcome: its name in lower case. */
  static String outcome(Receipt receipt) {
    return receipt.outcome().name().toLowerCase(Locale.ROOT);
  }
}
