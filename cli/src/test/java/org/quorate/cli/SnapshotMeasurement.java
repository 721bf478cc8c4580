package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.node.Node;
import org.quorate.node.NodeConfig;

/**
 * Prints how long it takes until a new node takes part in a chain that is long: {@code
 * -Dtest=SnapshotMeasurement -Dquorate.measure=true}, and {@code -Dquorate.blocks=100000
 * -Dquorate.keys=1000000} for how long. Each block writes keys / blocks keys of 100 bytes. Three
 * nodes of four run in this process, and the new one as well.
 */
@EnabledIfSystemProperty(named = "quorate.measure", matches = "true")
final class SnapshotMeasurement {
  private static final int BLOCKS = Integer.getInteger("quorate.blocks", 100_000);
  private static final int KEYS = Integer.getInteger("quorate.keys", 1_000_000);
  private static final int FRESH = 3;

  @TempDir private Path folder;

  @Test
  void aNewNodeBeginsWithASnapshot() throws Exception {
    StoppedNodes nodes = new StoppedNodes(folder.resolve("net"));
    time(
        "made %d blocks and %d keys".formatted(BLOCKS, KEYS),
        () -> nodes.addBlocks(0, BLOCKS, KEYS / BLOCKS, "v".repeat(100), KEYS));
    System.out.printf("ledger: %d MiB%n", bytes(nodes.data(0).resolve("ledger")) >> 20);
    time("took a snapshot", () -> ok(Run.quorate("snapshot", "create", nodes.node(0))));
    System.out.printf("snapshot: %d MiB%n", bytes(nodes.data(0).resolve("snapshots")) >> 20);
    for (int node = 1; node < FRESH; node++) {
      copy(nodes.data(0).resolve("ledger"), nodes.data(node).resolve("ledger"));
      copy(
          nodes.data(0).resolve("snapshots").resolve(Integer.toString(BLOCKS)),
          nodes.data(node).resolve("snapshots").resolve(Integer.toString(BLOCKS)));
    }
    List<Node> running = new ArrayList<>();
    try {
      for (int node = 0; node < FRESH; node++) {
        running.add(Node.start(NodeConfig.read(nodes.node(node)), "test"));
      }
      long start = System.nanoTime();
      time(
          "fetched and restored the snapshot",
          () -> ok(Run.quorate("snapshot", "restore", "--dir", nodes.node(FRESH))));
      Node fresh = Node.start(NodeConfig.read(nodes.node(FRESH)), "test");
      running.add(fresh);
      awaitReady(fresh);
      System.out.printf(
          "the new node was ready after %.1f s in all%n", (System.nanoTime() - start) / 1e9);
    } finally {
      running.forEach(Node::close);
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void time(String what, Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    System.out.printf("%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
  }

  private static void ok(Run run) {
    assertThat(run.status()).as(run.err()).isZero();
  }

  private static void awaitReady(Node node) throws Exception {
    URI ready = URI.create("http://127.0.0.1:" + node.apiAddress().getPort() + "/ready");
    HttpClient http = HttpClient.newHttpClient();
    while (http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
            .statusCode()
        != 200) {
      Thread.sleep(20);
    }
  }

  private static long bytes(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
