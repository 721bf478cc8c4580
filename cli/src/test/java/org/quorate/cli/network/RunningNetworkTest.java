package org.quorate.cli.network;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.ledger.chain.ChainParameters;

final class RunningNetworkTest {
  private static final int NODES = 3;

  @TempDir private Path temporary;
  private Path dir;

  @BeforeEach
  void createNetwork() throws Exception {
    dir = temporary.resolve("net");
    NetworkFolder.create(
        dir,
        new NetworkPlan(
            "test",
            NODES,
            List.of(),
            FreePorts.base(NODES),
            ChainParameters.DEFAULTS,
            new TreeMap<>()));
  }

  private RunningNetwork start() throws Exception {
    return RunningNetwork.start(dir, RunOptions.DEFAULTS, FakeNetwork.PROGRAM);
  }

  @Test
  void allNodesRunUntilTheNetworkIsStopped() throws Exception {
    List<ProcessHandle> processes = new ArrayList<>();
    try (RunningNetwork network = start()) {
      for (int i = 0; i < NODES; i++) {
        assertThat(network.running(i)).isTrue();
        assertThat(pidFile(i)).isEqualTo(network.pid(i));
        processes.add(ProcessHandle.of(network.pid(i)).orElseThrow());
      }
    }
    assertThat(processes).noneMatch(ProcessHandle::isAlive);
    assertThat(dir.resolve("node0/node.pid")).doesNotExist();
    assertThat(dir.resolve("node0/node.log")).hasContent("ready");
  }

  @Test
  void aKilledNodeIsReportedOnceAndCanBeStartedAgain() throws Exception {
    try (RunningNetwork network = start()) {
      long before = network.pid(1);
      network.kill(1);
      assertThat(network.running(1)).isFalse();
      assertThat(network.awaitEnd()).isEqualTo(1);
      assertThat(network.exitStatus(1)).isEqualTo(128 + 9);
      assertThat(network.running(0)).isTrue();
      network.restart(1);
      assertThat(network.running(1)).isTrue();
      assertThat(network.pid(1)).isNotEqualTo(before);
    }
  }

  @Test
  void noNodeOutlivesAParentThatIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeNetwork.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = parent.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready 3");
      List<ProcessHandle> nodes = parent.children().toList();
      assertThat(nodes).hasSize(NODES).allMatch(ProcessHandle::isAlive);
      parent.destroyForcibly();
      await().atMost(10, SECONDS).until(() -> nodes.stream().noneMatch(ProcessHandle::isAlive));
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void noNodeOutlivesAParentThatIsTerminated() throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeNetwork.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = parent.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready 3");
      List<ProcessHandle> nodes = parent.children().toList();
      parent.toHandle().destroy();
      assertThat(parent.waitFor(20, SECONDS)).isTrue();
      assertThat(nodes).hasSize(NODES).noneMatch(ProcessHandle::isAlive);
      assertThat(dir.resolve("node2/node.pid")).doesNotExist();
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aNodeThatRefusesToStartIsNamedWithItsReasonAndItsExitCode() throws Exception {
    Files.createFile(dir.resolve("node2/fails"));
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(this::start)
        .withMessageContaining("node2 ended with status 4")
        .withMessageContaining("the data folder belongs to another chain")
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.MISMATCH));
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aNodeThatDoesNotBecomeReadyIsNamed() throws Exception {
    Files.createFile(dir.resolve("node0/never-ready"));
    RunOptions hasty = new RunOptions("64m", List.of(), Duration.ofSeconds(4));
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> RunningNetwork.start(dir, hasty, FakeNetwork.PROGRAM))
        .withMessageContaining("node0 runs but is not ready")
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNREACHABLE));
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aPortInUseIsToldBeforeTheNodeStarts() throws Exception {
    int port = NetworkFolder.open(dir).genesis().apiAddresses().get(1).port();
    try (ServerSocket other = new ServerSocket(port)) {
      assertThatExceptionOfType(CommandFailure.class)
          .isThrownBy(this::start)
          .withMessageContaining("node1 cannot listen on 127.0.0.1:" + other.getLocalPort());
    }
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aFolderWithoutANetworkIsRefusedWithTheRemedy() {
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> RunningNetwork.start(temporary, RunOptions.DEFAULTS))
        .withMessageContaining("quorate network create");
  }

  private long pidFile(int node) throws Exception {
    return Long.parseLong(Files.readString(dir.resolve("node" + node + "/node.pid")).strip());
  }
}
