package org.quorate.node.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.node.NodeLimits;

/**
 * Reading headers in a row, for who follows the chain without its transactions. Each header names
 * its parent's hash, so the certificate of the last one proves them all, and no other is sent.
 */
final class HeaderRoutes {
  private static final String LATEST = "latest";

  private final NodeView node;
  private final Reads reads;
  private final LedgerReads ledgerReads;

  HeaderRoutes(NodeView node, Reads reads) {
    this.node = node;
    this.reads = reads;
    this.ledgerReads = new LedgerReads(node);
  }

  List<Route> routes() {
    return List.of(Route.get("/api/v1/headers", this::headers, "from", "to"));
  }

  private CompletableFuture<Answer> headers(Request request) throws ProblemException {
    String text =
        request
            .query("from")
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemType.MALFORMED_PARAMETER, "from is missing: a height from 1"));
    long from = Request.integer("from", text, 1, Long.MAX_VALUE);
    String end = request.query("to").orElse(LATEST);
    long to =
        end.equals(LATEST) ? Long.MAX_VALUE : Request.integer("to", end, from, Long.MAX_VALUE);
    return reads.answer(() -> headers(from, to));
  }

  private Answer headers(long from, long to) throws ProblemException {
    Ledger ledger = node.ledger();
    long asked = Math.min(to - from, NodeLimits.BLOCK_HEADERS_MAX - 1) + 1;
    List<CommittedHeader> found = new ArrayList<>();
    for (long height = from; found.size() < asked; height++) {
      Optional<CommittedHeader> header = header(height);
      if (header.isEmpty()) {
        break;
      }
      found.add(header.get());
    }
    if (found.isEmpty() && from < ledger.headersFrom()) {
      throw new ProblemException(
          ProblemType.GONE,
          "this node began with a snapshot: it has headers from block "
              + ledger.headersFrom()
              + " on");
    }
    if (found.isEmpty()) {
      throw new ProblemException(ProblemType.NOT_FOUND, "this node has no block " + from + " yet");
    }
    CommittedHeader last = found.get(found.size() - 1);
    Optional<CheckpointCertificate> checkpoint =
        ledgerReads.ofBlock(
            last.header().height(), () -> ledger.checkpointCertificate(last.header().height()));
    return Answer.json(
        200,
        json -> {
          json.writeArrayFieldStart("headers");
          for (CommittedHeader committed : found) {
            json.writeString(Hex.encode(committed.header().encoded()));
          }
          json.writeEndArray();
          json.writeStringField("commit", Hex.encode(last.commit().encoded()));
          if (checkpoint.isPresent()) {
            json.writeStringField("checkpoint", Hex.encode(checkpoint.get().encoded()));
          }
        });
  }

  private Optional<CommittedHeader> header(long height) throws ProblemException {
    return ledgerReads.ofBlock(height, () -> node.ledger().header(height));
  }
}
