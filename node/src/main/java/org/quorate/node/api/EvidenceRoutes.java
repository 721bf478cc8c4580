package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.NodeLimits;
import org.quorate.node.evidence.EvidenceEntry;

/** Reading the evidence against validators. */
final class EvidenceRoutes {
  private static final String ID = "[a-z0-9-]{1,80}";

  private final NodeView node;
  private final Reads reads;

  EvidenceRoutes(NodeView node, Reads reads) {
    this.node = node;
    this.reads = reads;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/evidence", this::list, "after", "limit"),
        Route.get("/api/v1/evidence/{id}", this::document));
  }

  private CompletableFuture<Answer> list(Request request) throws ProblemException {
    String after = request.query("after").orElse("");
    if (!after.isEmpty()) {
      checkId("after", after);
    }
    int limit =
        request.query("limit", NodeLimits.EVIDENCE_PAGE_MAX, 1, NodeLimits.EVIDENCE_PAGE_MAX);
    // One more than is told shows whether there is more.
    List<EvidenceEntry> found = node.evidence().after(after, limit + 1);
    List<EvidenceEntry> page = found.subList(0, Math.min(limit, found.size()));
    return Router.done(
        Answer.json(
            200,
            json -> {
              json.writeNumberField("total", node.evidence().size());
              json.writeArrayFieldStart("evidence");
              for (EvidenceEntry entry : page) {
                write(json, entry);
              }
              json.writeEndArray();
              if (found.size() > page.size()) {
                json.writeStringField("next", page.get(page.size() - 1).name());
              } else {
                json.writeNullField("next");
              }
            }));
  }

  private void write(JsonGenerator json, EvidenceEntry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", entry.name());
    json.writeStringField("kind", entry.kind().slug());
    json.writeArrayFieldStart("validators");
    for (ReplicaId replica : entry.accused()) {
      json.writeString(node.chain().validators().validator(replica).name());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private CompletableFuture<Answer> document(Request request) throws ProblemException {
    String id = request.path("id");
    checkId("the id of evidence", id);
    return reads.answer(
        () -> {
          try {
            byte[] document =
                node.evidence()
                    .document(id)
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                ProblemType.NOT_FOUND, "this node has no evidence " + id));
            return new Answer.Whole(200, Answer.JSON, new Body(document), Map.of());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void checkId(String what, String id) throws ProblemException {
    if (!id.matches(ID)) {
      throw new ProblemException(
          ProblemType.MALFORMED_PARAMETER,
          what + " has 1 to 80 lower-case letters, digits and hyphens");
    }
  }
}
