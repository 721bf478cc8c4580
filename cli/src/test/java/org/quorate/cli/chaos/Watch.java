package org.quorate.cli.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.EvidenceListing;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.cli.network.RunningNetwork;

/** Looks at the running nodes from outside: do they go on, agree, and complain of nobody? */
final class Watch {
  private static final int POLL_MILLIS = 50;
  private static final int ANSWER_MILLIS_MAX = 10_000;

  private final RunningNetwork network;
  private final List<NodeClient> nodes;
  private final ChaosLog log;

  Watch(RunningNetwork network, List<NodeClient> nodes, ChaosLog log) {
    this.network = network;
    this.nodes = nodes;
    this.log = log;
  }

  /** What each node says of itself; those that do not answer are left out. */
  List<NodeStatus> statuses() throws InterruptedException {
    List<NodeStatus> statuses = new ArrayList<>();
    for (NodeClient node : nodes) {
      if (node.status() instanceof Answer.Given<NodeStatus> given) {
        statuses.add(given.value());
      }
    }
    return statuses;
  }

  /**
   * Waits until every node has executed a block that none had when this was called.
   *
   * @return how long it took, in milliseconds; -1 if it did not happen in time
   */
  long awaitProgress(int timeoutMillis) throws InterruptedException {
    long begunNanos = log.nanos();
    long height = statuses().stream().mapToLong(NodeStatus::height).max().orElse(0);
    while (true) {
      List<NodeStatus> statuses = statuses();
      long tookMillis = TimeUnit.NANOSECONDS.toMillis(log.nanos() - begunNanos);
      if (statuses.size() == nodes.size()
          && statuses.stream().allMatch(status -> status.height() > height)) {
        return tookMillis;
      }
      if (tookMillis > timeoutMillis) {
        statuses.forEach(status -> log.say("  " + status));
        return -1;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Waits until all nodes stand at one block with nothing pending; false if they do not. */
  boolean awaitRest(int timeoutMillis) throws InterruptedException {
    long deadlineNanos = log.nanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (!atRest(statuses())) {
      if (log.nanos() > deadlineNanos) {
        statuses().forEach(status -> log.say("  " + status));
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean atRest(List<NodeStatus> statuses) {
    return statuses.size() == nodes.size()
        && statuses.stream()
            .allMatch(
                status ->
                    status.blockHash().equals(statuses.get(0).blockHash())
                        && status.stateRoot().equals(statuses.get(0).stateRoot())
                        && status.stableHeight() == status.height()
                        && status.mempoolTransactions() == 0);
  }

  /** Whether all nodes tell the same of the highest block that all have. */
  void checkAgreement() throws InterruptedException {
    List<NodeStatus> statuses = statuses();
    long height = statuses.stream().mapToLong(NodeStatus::height).min().orElse(0);
    if (height == 0) {
      return;
    }
    List<NodeClient.BlockAnswer> blocks = new ArrayList<>();
    for (NodeClient node : nodes) {
      String what = "its block " + height;
      ask(node, what, () -> node.block(Long.toString(height))).ifPresent(blocks::add);
    }
    if (blocks.stream().distinct().count() > 1) {
      log.violation("the nodes have different blocks at height " + height);
    }
  }

  /** No correct node may ever seem to lie. Evidence is on disk, so it outlives a kill. */
  void checkEvidence() throws InterruptedException {
    for (NodeClient node : nodes) {
      Optional<EvidenceListing> evidence = ask(node, "what evidence it holds", node::evidence);
      if (evidence.isPresent() && evidence.get().total() > 0) {
        log.violation(
            "%s holds evidence: %s".formatted(node.node().name(), evidence.get().entries()));
      }
    }
  }

  /** A question to a node. */
  @FunctionalInterface
  private interface Question<T> {
    Answer<T> ask() throws InterruptedException;
  }

  /** Every node runs, and must say it at last; a check that nobody answered would check nothing. */
  private <T> Optional<T> ask(NodeClient node, String what, Question<T> question)
      throws InterruptedException {
    long deadlineNanos = log.nanos() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS_MAX);
    while (log.nanos() < deadlineNanos) {
      if (question.ask() instanceof Answer.Given<T> given) {
        return Optional.of(given.value());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    log.violation("%s does not say %s".formatted(node.node().name(), what));
    return Optional.empty();
  }

  /** No log may have a line of level ERROR, or the trace of a thread that died. */
  void checkLogs() throws IOException {
    for (int node = 0; node < network.size(); node++) {
      checkLog(node, network.log(node));
    }
  }

  private void checkLog(int node, Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(" ERROR ") || line.startsWith("Exception in thread")) {
          log.violation("node%d has logged: %s".formatted(node, line));
        }
      }
    }
  }
}
