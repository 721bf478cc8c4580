package org.quorate.cli.bench;

import java.util.List;

/** Something a node said during a run; handed to the thread that keeps the accounts. */
sealed interface NodeEvent {
  /** It executed a block. */
  record Executed(int node, BlockReport report) implements NodeEvent {}

  /** It answered a batch. */
  record Answered(int node, Batch batch, List<BatchAnswer.Refusal> refusals) implements NodeEvent {}

  /** It answered something that cannot be used. */
  record Babbled(int node, String reason) implements NodeEvent {}

  /** Its event stream ended, or did not begin. */
  record StreamEnded(int node, String reason) implements NodeEvent {}
}
