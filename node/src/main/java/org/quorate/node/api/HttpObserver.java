package org.quorate.node.api;

/** Is told of every answer, for the metrics; on any thread. */
@FunctionalInterface
interface HttpObserver {
  /**
   * A request was answered.
   *
   * @param route the template of the route, or {@code other}
   */
  void answered(String route, int status, double seconds);
}
