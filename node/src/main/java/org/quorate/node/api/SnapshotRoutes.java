package org.quorate.node.api;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handing out snapshots, which whoever takes them checks. One that is damaged is removed. */
final class SnapshotRoutes {
  private static final Logger log = LoggerFactory.getLogger(SnapshotRoutes.class);
  private static final String BYTES = "application/octet-stream";

  private final NodeView node;
  private final Reads reads;

  SnapshotRoutes(NodeView node, Reads reads) {
    this.node = node;
    this.reads = reads;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/snapshots", request -> reads.answer(this::list)),
        Route.get("/api/v1/snapshots/{height}", this::manifest),
        Route.get("/api/v1/snapshots/{height}/chunks/{index}", this::chunk));
  }

  /** Something of a snapshot. */
  @FunctionalInterface
  private interface Part<T> {
    Optional<T> read(SnapshotFolder snapshots) throws IOException, MalformedException;
  }

  private Answer list() throws ProblemException {
    SnapshotFolder snapshots = node.snapshots();
    try {
      List<Long> heights = snapshots.heights();
      return Answer.json(
          200,
          json -> {
            json.writeArrayFieldStart("snapshots");
            for (long height : heights) {
              json.writeNumber(height);
            }
            json.writeEndArray();
          });
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private CompletableFuture<Answer> manifest(Request request) throws ProblemException {
    long height = Request.height(request.path("height"));
    return reads.answer(
        () ->
            bytes(
                read(height, snapshots -> snapshots.manifest(height).map(Manifest::encoded))
                    .orElseThrow(() -> none(height))));
  }

  private CompletableFuture<Answer> chunk(Request request) throws ProblemException {
    long height = Request.height(request.path("height"));
    int index = (int) Request.integer("index", request.path("index"), 0, Manifest.CHUNKS_MAX - 1);
    return reads.answer(
        () ->
            bytes(
                read(height, snapshots -> snapshots.chunk(height, index))
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                ProblemType.NOT_FOUND,
                                "this node has no chunk "
                                    + index
                                    + " of a snapshot at height "
                                    + height))));
  }

  private <T> Optional<T> read(long height, Part<T> part) throws ProblemException {
    try {
      return part.read(node.snapshots());
    } catch (MalformedException e) {
      log.warn("the snapshot at height {} is damaged and is removed: {}", height, e.getMessage());
      remove(height);
      throw none(height);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void remove(long height) throws ProblemException {
    try {
      node.snapshots().delete(height);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static ProblemException none(long height) {
    return new ProblemException(
        ProblemType.NOT_FOUND, "this node has no snapshot at height " + height);
  }

  private static ProblemException unreadable(IOException e) {
    log.warn("the snapshots cannot be read", e);
    return new ProblemException(ProblemType.INTERNAL, "the snapshots cannot be read");
  }

  private static Answer bytes(byte[] bytes) {
    return new Answer.Whole(200, BYTES, new Body(bytes), Map.of());
  }
}
