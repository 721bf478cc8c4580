package org.quorate.node.api;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.quorate.monitoring.NodeMetrics;

/**
 * {@code GET /metrics} for Prometheus, on a port of its own: it stays reachable when the API is
 * flooded, and can be kept from the clients' network. One thread, a few connections.
 */
public final class MetricsServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 16;

  private final HttpServer server;
  private final Router router;

  public MetricsServer(NodeMetrics metrics) {
    HttpLimits limits =
        new HttpLimits(
            0,
            0,
            HttpLimits.DEFAULTS.answersBytesMax(),
            CONNECTIONS_MAX,
            HttpLimits.DEFAULTS.idleMillisMax(),
            HttpLimits.DEFAULTS.requestMillisMax(),
            HttpLimits.DEFAULTS.writeMillisMax());
    this.server = new HttpServer("quorate-metrics", 1, limits, (route, status, seconds) -> {});
    this.router = new Router(List.of(Route.get("/metrics", request -> scrape(metrics))));
  }

  /** Made on the event loop: there is nothing else for it to do. */
  private static CompletableFuture<Answer> scrape(NodeMetrics metrics) {
    return Router.done(
        new Answer.Whole(
            200,
            NodeMetrics.contentType(),
            new Body(metrics.scrape().getBytes(StandardCharsets.UTF_8)),
            Map.of()));
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if {@code listen} cannot be listened on, naming it; everything is closed
   *     then
   */
  public void start(InetSocketAddress listen) throws IOException {
    server.start(listen, router);
  }

  /** Where it listens, with the port that was chosen if 0 was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Stops serving. */
  @Override
  public void close() {
    server.close();
  }
}
