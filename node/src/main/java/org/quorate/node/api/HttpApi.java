package org.quorate.node.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeLimits;

/**
 * The node's HTTP/JSON API, as {@code openapi.yaml} of this module describes it. Requests that need
 * the ledger are answered by a few threads of their own; those that wait for something hold no
 * thread.
 */
public final class HttpApi implements AutoCloseable {
  private final BlockEvents events;
  private final HttpServer server;
  private final Reads reads = new Reads();
  private final Waiters waiters;
  private final EventStreams streams;
  private final Router router;

  public HttpApi(NodeView node, BlockEvents events, NodeMetrics metrics) {
    this(node, events, metrics, HttpLimits.DEFAULTS, NodeLimits.HTTP_WAITERS_MAX);
  }

  HttpApi(
      NodeView node, BlockEvents events, NodeMetrics metrics, HttpLimits limits, int waitersMax) {
    this.events = events;
    this.server =
        new HttpServer("quorate-api", NodeLimits.HTTP_THREADS, limits, metrics::httpAnswered);
    this.waiters = new Waiters(waitersMax, server.loops());
    this.streams = new EventStreams(NodeLimits.EVENT_STREAMS_MAX, server.loops().next());
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new TransactionRoutes(node, waiters, reads, metrics::transactionRejected).routes());
    routes.addAll(new ChainRoutes(node, reads).routes());
    routes.addAll(new HeaderRoutes(node, reads).routes());
    routes.addAll(new StateRoutes(node, reads).routes());
    routes.addAll(new SnapshotRoutes(node, reads).routes());
    routes.addAll(new EvidenceRoutes(node, reads).routes());
    routes.addAll(new NodeRoutes(node).routes());
    routes.add(Route.get("/api/v1/events/blocks", streams::handle));
    this.router = new Router(routes);
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if {@code listen} cannot be listened on, naming it; everything is closed
   *     then
   */
  public void start(InetSocketAddress listen) throws IOException {
    if (!events.subscribe(waiters) || !events.subscribe(streams)) {
      throw new IllegalStateException("block events have no room for the API");
    }
    try {
      server.start(listen, router);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Where it listens, with the port that was chosen if 0 was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  List<Route> routes() {
    return router.routes();
  }

  HttpServer server() {
    return server;
  }

  long waiting() {
    return waiters.size();
  }

  int openStreams() {
    return streams.size();
  }

  /** Stops serving: closes the port and every connection, answered or not. */
  @Override
  public void close() {
    events.unsubscribe(waiters);
    events.unsubscribe(streams);
    server.close();
    reads.close();
  }
}
