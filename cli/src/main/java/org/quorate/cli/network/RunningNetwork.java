package org.quorate.cli.network;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;

/**
 * All nodes of a network folder, each a process of its own. None outlives this process: a shutdown
 * hook stops them when it ends, and each node ends by itself when it is killed (their standard
 * input closes).
 *
 * <p>Used by one thread.
 */
public final class RunningNetwork implements AutoCloseable {
  private static final int POLL_MILLIS = 25;
  private static final long TERMINATE_MILLIS = 10_000;
  private static final List<String> NODE =
      List.of("org.quorate.cli.QuorateCommand", "node", "start");

  private final NetworkFolder folder;
  private final RunOptions options;
  private final List<String> program;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
  private final Thread hook = new Thread(this::stopProcesses, "stop-the-nodes");

  private volatile boolean stopping;

  private RunningNetwork(NetworkFolder folder, RunOptions options, List<String> program)
      throws CommandFailure {
    this.folder = folder;
    this.options = options;
    this.program = program;
    for (int i = 0; i < folder.genesis().chain().validators().n(); i++) {
      nodes.add(new NodeProcess(folder.nodeFolder(i).toAbsolutePath()));
    }
  }

  /**
   * Starts all nodes of the network in {@code dir} and waits until each is ready.
   *
   * @throws CommandFailure if there is no network, or a node ends or does not become ready in time;
   *     no node runs then
   */
  public static RunningNetwork start(Path dir, RunOptions options)
      throws CommandFailure, InterruptedException {
    return start(dir, options, NODE);
  }

  static RunningNetwork start(Path dir, RunOptions options, List<String> program)
      throws CommandFailure, InterruptedException {
    RunningNetwork network = new RunningNetwork(NetworkFolder.open(dir), options, program);
    Runtime.getRuntime().addShutdownHook(network.hook);
    boolean ready = false;
    try {
      for (int i = 0; i < network.size(); i++) {
        network.startNode(i);
      }
      network.awaitReady(options.readyTimeout());
      ready = true;
      return network;
    } finally {
      if (!ready) {
        network.close();
      }
    }
  }

  private void startNode(int index) throws CommandFailure {
    nodes.get(index).start(options.javaOptions(), program, () -> ended.add(index));
  }

  /**
   * Waits until every node that was started is ready.
   *
   * @throws CommandFailure if one has ended, with its exit code and the end of its log; or after
   *     {@code timeout}
   */
  public void awaitReady(Duration timeout) throws CommandFailure, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    for (int i = 0; i < nodes.size(); i++) {
      awaitReady(i, deadline);
    }
  }

  private void awaitReady(int index, long deadline) throws CommandFailure, InterruptedException {
    NodeProcess node = nodes.get(index);
    while (!node.ready() || !node.running()) {
      if (!node.awaitEnd(POLL_MILLIS)) {
        if (System.nanoTime() > deadline) {
          throw new CommandFailure(
              ExitCode.UNREACHABLE,
              "node%d runs but is not ready in time; see %s".formatted(index, node.log()));
        }
        continue;
      }
      throw new CommandFailure(
          ExitCode.ofStatus(node.exitStatus()),
          "node%d ended with status %d before it was ready; the end of %s is:%n%s"
              .formatted(index, node.exitStatus(), node.log(), node.logTail()));
    }
  }

  /** The network's folder. */
  public NetworkFolder folder() {
    return folder;
  }

  /** What all nodes share. */
  public GenesisDocument genesis() {
    return folder.genesis();
  }

  /** How many nodes there are, running or not. */
  public int size() {
    return nodes.size();
  }

  /** Whether the process of node {@code index} is there. */
  public boolean running(int index) {
    return nodes.get(index).running();
  }

  /** The process id of node {@code index}, of its last run if it has ended. */
  public long pid(int index) {
    return nodes.get(index).pid();
  }

  /** The exit status of node {@code index}, which must have ended. */
  public int exitStatus(int index) {
    return nodes.get(index).exitStatus();
  }

  /** Where node {@code index} serves clients. */
  public HostPort api(int index) {
    return nodes.get(index).api();
  }

  /** Where node {@code index} serves its metrics. */
  public HostPort metrics(int index) {
    return nodes.get(index).metrics();
  }

  /** The log of node {@code index}. */
  public Path log(int index) {
    return nodes.get(index).log();
  }

  /** Kills node {@code index} as a power failure would (SIGKILL) and waits until it is gone. */
  public void kill(int index) throws InterruptedException {
    nodes.get(index).kill();
  }

  /** Starts node {@code index}, which must have ended, again, and does not wait for it. */
  public void launch(int index) throws CommandFailure {
    startNode(index);
  }

  /** Starts node {@code index}, which must have ended, again and waits until it is ready. */
  public void restart(int index) throws CommandFailure, InterruptedException {
    launch(index);
    awaitReady(index, System.nanoTime() + options.readyTimeout().toNanos());
  }

  /** Waits until a node ends, for whatever reason, and returns its index; each end counts once. */
  public int awaitEnd() throws InterruptedException {
    return ended.take();
  }

  /** Stops all nodes: SIGTERM, and SIGKILL to those that are still there after ten seconds. */
  public void stop() {
    stopProcesses();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // we are being shut down already, and the hook does the same
    }
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  /** Whether the nodes are being stopped, so that their end is nothing to tell of. */
  public boolean stopping() {
    return stopping;
  }

  private void stopProcesses() {
    stopping = true;
    nodes.forEach(NodeProcess::terminate);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TERMINATE_MILLIS);
    try {
      for (NodeProcess node : nodes) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (!node.awaitEnd(Math.max(0, left))) {
          node.kill();
        }
        node.forgetPid();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("quorate: cannot remove a process id file: " + e.getMessage());
    }
  }
}
