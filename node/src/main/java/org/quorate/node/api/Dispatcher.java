package org.quorate.node.api;

import java.util.concurrent.CompletableFuture;

/** What an {@link HttpServer} serves. Called on event loops, so it never blocks. */
@FunctionalInterface
interface Dispatcher {
  /**
   * A request that is being answered.
   *
   * @param route the template of its route, or {@code other}: the word for the metrics
   */
  record Dispatched(String route, CompletableFuture<Answer> answer) {}

  Dispatched dispatch(HttpMessage message);
}
