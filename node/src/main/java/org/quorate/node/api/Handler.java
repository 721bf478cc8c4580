package org.quorate.node.api;

import java.util.concurrent.CompletableFuture;

/** Answers the requests of one route; called on a connection's event loop, so it never blocks. */
@FunctionalInterface
interface Handler {
  CompletableFuture<Answer> handle(Request request) throws ProblemException;
}
