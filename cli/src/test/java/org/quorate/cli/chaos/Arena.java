package org.quorate.cli.chaos;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.cli.network.RunningNetwork;

/**
 * Does to the processes and links of a running network what a schedule says, and undoes it. Knows
 * which nodes may have ended: one that ended otherwise is a violation. Used by one thread.
 */
final class Arena implements Ground {
  private static final int STATUS_OF_KILLED = 128 + 9;
  private static final int STATUS_OF_FAILED = 1;
  private static final int COMMAND_SECONDS_MAX = 10;

  private final RunningNetwork network;
  private final Links links;
  private final List<NodeClient> nodes;
  private final ChaosLog log;
  private final Set<Integer> killed = new TreeSet<>();
  private final Set<Integer> full = new TreeSet<>();

  Arena(RunningNetwork network, Links links, List<NodeClient> nodes, ChaosLog log) {
    this.network = network;
    this.links = links;
    this.nodes = nodes;
    this.log = log;
  }

  @Override
  public int size() {
    return network.size();
  }

  @Override
  public int primary() throws InterruptedException {
    long view = 0;
    for (NodeClient node : nodes) {
      if (node.status() instanceof Answer.Given<NodeStatus> given) {
        view = Math.max(view, given.value().view());
      }
    }
    return (int) (view % size());
  }

  @Override
  public void kill(List<Integer> victims) throws InterruptedException {
    List<Integer> running = victims.stream().filter(network::running).toList();
    for (int node : running) {
      ProcessHandle.of(network.pid(node)).ifPresent(ProcessHandle::destroyForcibly);
    }
    log.say("  killed " + running.stream().map(node -> "node" + node).toList());
    for (int node : running) {
      network.kill(node);
      checkEnd(node, STATUS_OF_KILLED);
      killed.add(node);
    }
  }

  /** By a process of its own, so that the node goes on even if this one does not. */
  @Override
  public void pause(int node, int millis) {
    if (network.running(node)) {
      String pid = Long.toString(network.pid(node));
      String seconds = Double.toString(millis / 1000.0);
      command("sh", "-c", "kill -STOP $0 && { (sleep $1; kill -CONT $0) & }", pid, seconds);
      log.say("  stopped node%d for %d ms".formatted(node, millis));
    }
  }

  /** By a limit on the size of files, which needs no rights: writes beyond it fail. */
  @Override
  public void fillDisk(int node) {
    if (network.running(node)) {
      full.add(node);
      command("prlimit", "--pid", Long.toString(network.pid(node)), "--fsize=1");
      log.say("  filled the disk of node" + node);
    }
  }

  @Override
  public void weather(int from, int to, LinkWeather weather) {
    links.link(from, to).set(weather);
  }

  /**
   * Opens all links and starts whatever has ended; waits until every node serves clients.
   *
   * @return whether all do in time
   */
  boolean heal(long deadlineNanos) throws CommandFailure, InterruptedException {
    links.clear();
    for (int node = 0; node < size(); node++) {
      if (full.contains(node)) {
        healDisk(node);
      }
      if (killed.remove(node)) {
        network.launch(node);
      }
    }
    full.clear();
    for (NodeClient node : nodes) {
      while (!(node.status() instanceof Answer.Given<NodeStatus>)) {
        if (log.nanos() > deadlineNanos) {
          log.violation(node.node().name() + " does not answer after the network was healed");
          return false;
        }
        checkEnds();
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    return true;
  }

  /** A limit cannot be taken back, so a node that had nothing to write ends now. */
  private void healDisk(int node) throws InterruptedException {
    if (network.running(node)) {
      kill(List.of(node));
    } else if (!killed.contains(node)) {
      checkEnd(node, STATUS_OF_FAILED);
      log.say("  node%d has stopped on its full disk".formatted(node));
      killed.add(node);
    }
  }

  private void checkEnd(int node, int expected) {
    int status = network.exitStatus(node);
    if (status != expected) {
      log.violation("node%d ended with status %d instead of %d".formatted(node, status, expected));
    }
  }

  /** Whether every node runs that was not made to end. */
  void checkEnds() {
    for (int node = 0; node < size(); node++) {
      if (!network.running(node) && !killed.contains(node) && !full.contains(node)) {
        log.violation(
            "node%d ended by itself with status %d".formatted(node, network.exitStatus(node)));
        killed.add(node);
      }
    }
  }

  private static void command(String... words) {
    try {
      Process process = new ProcessBuilder(words).inheritIO().start();
      if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("failed: " + Arrays.toString(words));
      }
    } catch (IOException e) {
      throw new AssertionError("cannot run " + Arrays.toString(words), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
