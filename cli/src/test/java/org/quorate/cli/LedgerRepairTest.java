package org.quorate.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.BitFlips;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.Table;
import org.quorate.node.Node;
import org.quorate.node.NodeConfig;
import org.quorate.node.storage.DataFolder;

/** An operator's way out when the disk has damaged a ledger. */
@Timeout(180)
final class LedgerRepairTest {
  private static final int SNAPSHOT = 30;
  private static final int BLOCKS = 45;
  private static final int DAMAGED = 3;
  private static final int OLD = 10;
  private static final ByteString KEY = ByteString.utf8("alice/1");
  private static final String VALUE = "v".repeat(300);

  @TempDir Path folder;
  private StoppedNodes nodes;
  private final List<Node> running = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void ledgerWithASnapshot() throws Exception {
    nodes = new StoppedNodes(folder.resolve("net"));
    fill(DAMAGED);
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    running.parallelStream().forEach(Node::close);
  }

  private void fill(int node) throws Exception {
    nodes.addBlocks(node, SNAPSHOT, 3, VALUE);
    Run create = Run.quorate("snapshot", "create", nodes.node(node));
    assertThat(create.status()).as(create.err()).isZero();
    nodes.addBlocks(node, BLOCKS - SNAPSHOT, 3, VALUE);
  }

  private Path ledger() {
    return nodes.data(DAMAGED).resolve("ledger");
  }

  private Run repair(Object... more) {
    return Run.quorate(
        Stream.concat(Stream.of("ledger", "repair", "--dir", nodes.node(DAMAGED)), Stream.of(more))
            .toArray());
  }

  private byte[] entry(byte[] key) {
    try (LevelDbStore store = LevelDbStore.open(ledger())) {
      return store.get(key).orElseThrow();
    }
  }

  private void flip(byte[] value) throws IOException {
    BitFlips.flip(ledger(), value);
  }

  /** In blocks above and below the snapshot. */
  private void damageBlocks() throws IOException {
    byte[] below = entry(Table.TRANSACTIONS.key(OLD));
    byte[] header = entry(Table.HEADER.key(OLD));
    byte[] above = entry(Table.TRANSACTIONS.key(BLOCKS - 3));
    flip(below);
    flip(header);
    flip(above);
  }

  private Node start(int node) throws Exception {
    Node started = Node.start(NodeConfig.read(nodes.node(node)), "test");
    running.add(started);
    return started;
  }

  private static URI api(Node node) {
    return URI.create("http://127.0.0.1:" + node.apiAddress().getPort());
  }

  private HttpResponse<String> get(URI api, String path) throws Exception {
    URI uri = URI.create(api + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void awaitSame(String path, Node right, URI repaired) {
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(get(repaired, path).body()).isEqualTo(get(api(right), path).body()));
  }

  @Test
  void repairedNodeCatchesUpAndServesWhatTheOthersServe() throws Exception {
    for (int node = 0; node < DAMAGED; node++) {
      fill(node);
    }
    damageBlocks();
    BitFlips.flipIndexes(ledger());
    Run verify = Run.quorate("ledger", "verify", nodes.node(DAMAGED));
    assertThat(verify.status()).isEqualTo(3);
    assertThat(verify.err()).contains("the ledger is damaged: ", "`quorate ledger repair`");
    nodes.leaveRepairToTheOperator(DAMAGED);
    Run start = Run.quorate("node", "start", "--dir", nodes.node(DAMAGED));
    assertThat(start.status()).isEqualTo(4);
    assertThat(start.err()).contains("If it is damaged: `quorate ledger repair`");

    Run run = repair();
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "The ledger is sound again", "from the snapshot at height 30", "headers from height 1,")
        .containsPattern("\nblocks [0-9]+ to 20: header with commit certificate, transactions\n")
        .contains("ends here   block ", "the old ledger went on to block " + BLOCKS);
    assertThat(run.err()).contains("beginning with the snapshot of height 30", "Start the node");
    assertThat(nodes.data(DAMAGED)).isDirectoryNotContaining("glob:**repairing");
    assertThat(nodes.data(DAMAGED)).isDirectoryNotContaining("glob:**re{storing,placed}");

    Node first = start(0);
    start(1);
    start(2);
    Node repaired = start(DAMAGED);
    HttpResponse<String> lost = get(api(repaired), "/api/v1/blocks/" + OLD);
    assertThat(lost.statusCode()).isEqualTo(503);
    assertThat(lost.body()).contains("urn:quorate:problem:damaged");
    for (int height = 1; height <= BLOCKS; height++) {
      awaitSame("/api/v1/blocks/" + height, first, api(repaired));
      awaitSame("/api/v1/blocks/" + height + "/certificate", first, api(repaired));
    }
    running.remove(1).close(); // now the others need it
    Run put =
        Run.quorate(
            "tx", "put", "alice/new", "v", "--network", folder.resolve("net"), "--client", "alice");
    assertThat(put.status()).as(put.err()).isZero();
  }

  /** In a process of its own. */
  private Process process(int node) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                QuorateCommand.class.getName(),
                "node",
                "start",
                "--dir",
                nodes.node(node).toString())
            .redirectErrorStream(true)
            .start();
    processes.add(process);
    return process;
  }

  @Test
  @Timeout(value = 180, threadMode = SEPARATE_THREAD) // it waits for another process
  void nodeThatMeetsDamageWhileItRunsMakesItsLedgerAnewAndGoesOn() throws Exception {
    for (int node = 0; node < DAMAGED; node++) {
      fill(node);
    }
    byte[] state = entry(Table.STATE.key(Namespace.APPLICATION.path(KEY).bytes()));
    start(0);
    Node other = start(1);
    start(2);
    Process damaged = process(DAMAGED);
    try (BufferedReader out = damaged.inputReader()) {
      awaitServing(out);
      flip(state);
      add(1);
      List<String> lines = awaitServing(out);
      assertThat(String.join("\n", lines))
          .contains("is made anew before it starts again", "the ledger is sound again");
      String serving = lines.get(lines.size() - 1);
      URI repaired = URI.create(serving.replaceFirst(".* api ([^,]+),.*", "$1"));
      awaitSame("/api/v1/state/alice%2F1", other, repaired);
      awaitSame("/api/v1/blocks/" + (BLOCKS + 1), other, repaired);
      assertThat(nodes.data(DAMAGED).resolve("DAMAGED")).doesNotExist();

      flip(state);
      add(2);
      boolean servesAgain = out.lines().anyMatch(line -> line.contains(": api http:"));
      assertThat(servesAgain).as("such a disk needs a human").isFalse();
      assertThat(damaged.waitFor()).isEqualTo(1);
      assertThat(nodes.data(DAMAGED).resolve("DAMAGED")).exists();
    }
  }

  /** The value is no number, but must be read to see that. */
  private void add(int number) {
    Run add =
        Run.quorate(
            "tx",
            "add",
            "alice/1",
            number,
            "--network",
            folder.resolve("net"),
            "--client",
            "alice");
    assertThat(add.err()).contains("is not an integer");
  }

  /** What the node writes until it serves. */
  private static List<String> awaitServing(BufferedReader out) throws IOException {
    List<String> lines = new ArrayList<>();
    do {
      lines.add(out.readLine());
      assertThat(lines).doesNotContainNull();
    } while (!lines.get(lines.size() - 1).contains(": api http:"));
    return lines;
  }

  @Test
  void soundLedgerStaysTheSame() throws Exception {
    Run before = Run.quorate("ledger", "verify", nodes.node(DAMAGED));
    Run run = repair();
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("The ledger is whole again: nothing of its blocks was missing.")
        .contains("executed    blocks 31 to 45, from the snapshot at height 30");
    Run after = Run.quorate("ledger", "verify", nodes.node(DAMAGED));
    assertThat(after.status()).as(after.err()).isZero();
    assertThat(after.out()).isEqualTo(before.out());
  }

  @Test
  void whatIsMissingIsToldToPrograms() throws Exception {
    damageBlocks();
    Run run = repair("--format", "json");
    assertThat(run.status()).as(run.err()).isZero();
    JsonNode json = new JsonMapper().readTree(run.out());
    assertThat(json.get("whole").booleanValue()).isFalse();
    assertThat(json.get("old_height").longValue()).isEqualTo(BLOCKS);
    assertThat(json.get("height").longValue()).isBetween((long) SNAPSHOT, BLOCKS - 4L);
    assertThat(json.at("/missing/header").longValue()).isPositive();
    assertThat(json.findValuesAsText("height")).contains("" + OLD);
    Run verify = Run.quorate("ledger", "verify", nodes.node(DAMAGED));
    assertThat(verify.err()).contains("the entry was lost, and no peer has given it since");
  }

  @Test
  void brokenOffItBeginsAnewAndNothingTakesItForWhole() throws Exception {
    damageBlocks();
    Path half = nodes.data(DAMAGED).resolve("repairing");
    for (int i = 0; i < 2; i++) {
      try (LevelDbStore store = LevelDbStore.open(half)) {
        store.write(new Batch().put(Table.TIP.key(), entry(Table.TIP.key())), true);
      }
      if (i == 0) {
        Run restore = Run.quorate("snapshot", "restore", "--dir", nodes.node(DAMAGED), "--replace");
        assertThat(restore.status()).isEqualTo(5);
      } else {
        Run run = repair();
        assertThat(run.status()).as(run.err()).isZero();
      }
      assertThat(half).doesNotExist();
    }
    assertThat(entry(Table.HEADER.key(OLD - 5))).isNotEmpty();
  }

  private Map<Path, ByteString> contents() throws IOException {
    Map<Path, ByteString> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(ledger())) {
      for (Path file : files.toList()) {
        contents.put(file, ByteString.of(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private void assertRefused(int status, String... messages) throws IOException {
    Map<Path, ByteString> before = contents();
    Run run = repair();
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err()).contains(messages);
    assertThat(contents()).isEqualTo(before);
    assertThat(nodes.data(DAMAGED).resolve("repairing")).doesNotExist();
  }

  @Test
  void divergedLedgerIsNotRepaired() throws Exception {
    Files.writeString(nodes.data(DAMAGED).resolve("DIVERGED"), "at some block");
    assertRefused(4, "is not damaged but diverged", "`quorate snapshot restore --replace`");
  }

  @Test
  void ledgerThatIsFoundToHaveDivergedIsLeftAsItWas() throws Exception {
    byte[] key = Table.CHECKPOINT.key(BLOCKS - 1);
    Checkpoint own = Decoder.decode(entry(key), Checkpoint::decode);
    nodes.change(
        DAMAGED,
        new Batch()
            .put(key, new Checkpoint(own.block(), own.receiptsRoot(), Digest.ZERO).encoded())
            .delete(Table.CERTIFICATE.key(BLOCKS - 1)));
    assertRefused(3, "the ledger has diverged", "is what the node had before");
  }

  @Test
  void withoutAStartItSaysWhatElseHelps() throws Exception {
    nodes.prune(DAMAGED, OLD);
    BitFlips.flip(
        nodes.data(DAMAGED).resolve("snapshots").resolve("" + SNAPSHOT).resolve("manifest"), 99);
    assertRefused(
        1,
        "the snapshot of height 30 is of no use",
        "transactions from block 10 on only",
        "`quorate snapshot restore --replace`");
  }

  @Test
  void nodeThatRunsIsNotTouched() throws Exception {
    try (DataFolder held =
        DataFolder.open(
            nodes.data(DAMAGED),
            nodes.chain(),
            NodeConfig.read(nodes.node(DAMAGED)).key().publicKey())) {
      assertThat(held.wholeMemory()).isTrue();
      assertThat(repair().status()).isEqualTo(4);
    }
  }
}
