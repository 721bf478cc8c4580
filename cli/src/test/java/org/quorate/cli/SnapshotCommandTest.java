package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.state.Subtree;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;
import org.quorate.node.Node;
import org.quorate.node.NodeConfig;

/** Operators take snapshots and begin nodes with them; what others hand out may be anything. */
@Timeout(180)
final class SnapshotCommandTest {
  private static final int BLOCKS = 12;
  private static final int FRESH = 3;
  private static final String VALUE = "v".repeat(60_000);

  @TempDir Path folder;
  private StoppedNodes nodes;
  private final List<Node> running = new ArrayList<>();
  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService serving = Executors.newCachedThreadPool();

  @BeforeEach
  void threeLedgersOfSomeMegabytesAndASnapshotOfEach() throws Exception {
    nodes = new StoppedNodes(folder.resolve("net"));
    for (int node = 0; node < FRESH; node++) {
      nodes.addBlocks(node, BLOCKS, 4, VALUE);
      Run create = Run.quorate("snapshot", "create", nodes.node(node));
      assertThat(create.status()).as(create.err()).isZero();
      assertThat(create.out()).startsWith("Took a snapshot: height 12, block ");
    }
  }

  @AfterEach
  void stop() {
    serving.shutdownNow();
    servers.forEach(server -> server.stop(0));
    running.parallelStream().forEach(Node::close);
  }

  private Node start(int node) throws Exception {
    Node started = Node.start(NodeConfig.read(nodes.node(node)), "test");
    running.add(started);
    return started;
  }

  private void startThree() throws Exception {
    for (int node = 0; node < FRESH; node++) {
      start(node);
    }
  }

  private static String api(Node node) {
    return "http://127.0.0.1:" + node.apiAddress().getPort();
  }

  private Run restore(Object... more) {
    return Run.quorate(
        Stream.concat(Stream.of("snapshot", "restore", "--dir", nodes.node(FRESH)), Stream.of(more))
            .toArray());
  }

  /** Something that hands on what a node says, but for what {@code lie} makes of it. */
  private String liar(Node node, String path, UnaryOperator<byte[]> lie) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    servers.add(server);
    server.setExecutor(serving);
    server.createContext(
        "/",
        exchange -> {
          try {
            hand(exchange, node, path, lie);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void hand(HttpExchange exchange, Node node, String path, UnaryOperator<byte[]> lie)
      throws IOException, InterruptedException {
    String asked = exchange.getRequestURI().getPath();
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(api(node) + asked)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    byte[] body = asked.contains(path) ? lie.apply(answer.body()) : answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] turned(byte[] bytes) {
    byte[] other = bytes.clone();
    other[bytes.length / 2] ^= 1;
    return other;
  }

  private void assertBeganAtTheSnapshot() {
    Run inspect = Run.quorate("ledger", "inspect", nodes.node(FRESH), "--key", "alice/7");
    assertThat(inspect.out()).as(inspect.err()).isEqualTo(VALUE + "\n");
  }

  @Test
  void snapshotsAreListedForPeopleAndPrograms() throws Exception {
    Run list = Run.quorate("snapshot", "list", nodes.node(0));
    assertThat(list.out()).matches("height 12, block [0-9a-f]{16}, .*, [4-9] chunks, .*KiB\n");
    Run json = Run.quorate("snapshot", "list", nodes.data(0), "--format", "json");
    assertThat(new JsonMapper().readTree(json.out()).at("/snapshots/0/height").intValue())
        .isEqualTo(12);
    Run none = Run.quorate("snapshot", "list", nodes.node(0).resolveSibling("nowhere"));
    assertThat(none.status()).isNotZero();
  }

  @Test
  void freshNodeBeginsWithWhatTheOthersHaveAndTakesPart() throws Exception {
    startThree();
    Run run = restore();
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("The ledger begins at block 12, state root ");
    assertThat(nodes.data(FRESH).resolve("restoring")).doesNotExist();
    start(FRESH);
    running.remove(1).close(); // now the others need it
    Run put =
        Run.quorate(
            "tx", "put", "alice/new", "v", "--network", folder.resolve("net"), "--client", "alice");
    assertThat(put.status()).as(put.err()).isZero();
  }

  @Test
  void liarCostsItsChunkOnly() throws Exception {
    startThree();
    AtomicInteger lies = new AtomicInteger();
    String liar =
        liar(
            running.get(1),
            "/chunks/",
            chunk -> {
              lies.incrementAndGet();
              return turned(chunk);
            });
    Run run = restore("--node", liar, "--node", api(running.get(0)));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains(liar + " is asked no more: its chunk ");
    assertThat(lies.get()).isEqualTo(1);
    assertBeganAtTheSnapshot();
  }

  /** The honest ones have everything else by then, and must wait for what the liar still owes. */
  @Test
  void slowLiarCostsItsChunkOnly() throws Exception {
    startThree();
    String liar =
        liar(
            running.get(1),
            "/chunks/",
            chunk -> {
              sleep(4_000);
              return turned(chunk);
            });
    Run run = restore("--node", liar, "--node", api(running.get(0)), "--node", api(running.get(2)));
    assertThat(run.status()).as(run.err()).isZero();
    assertBeganAtTheSnapshot();
  }

  @Test
  void nodeThatDoesNotAnswerHoldsUpNobody() throws Exception {
    startThree();
    String silent =
        liar(
            running.get(1),
            "/chunks/",
            chunk -> {
              sleep(120_000);
              return chunk;
            });
    long start = System.nanoTime();
    Run run = restore("--node", silent, "--node", api(running.get(0)));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(System.nanoTime() - start).isLessThan(90_000_000_000L);
    assertBeganAtTheSnapshot();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A state may be cut in other ways that prove themselves as well. */
  @Test
  void cutThatNobodyElseHasIsGivenUp() throws Exception {
    startThree();
    Manifest honest =
        SnapshotFolder.open(nodes.data(1).resolve("snapshots")).manifest(BLOCKS).orElseThrow();
    Manifest finer = finer(SnapshotFolder.open(nodes.data(1).resolve("snapshots")), honest);
    assertThat(finer.check(nodes.chain(), SignatureVerifier.ED25519)).isEqualTo(Verdict.valid());
    String liar = liar(running.get(1), "/snapshots/12", any -> finer.encoded());
    for (int i = 0; i < 2; i++) {
      Run run = restore("--replace", "--node", liar, "--node", api(running.get(0)));
      if (i == 0) {
        assertThat(run.status()).as(run.err()).isZero();
      }
    }
    assertBeganAtTheSnapshot();
  }

  /** The first subtree in two halves, whose roots another store computes. */
  private static Manifest finer(SnapshotFolder folder, Manifest manifest) throws Exception {
    Subtree first = manifest.chunks().get(0);
    List<Subtree> chunks = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      byte[] beginning = first.beginning().bytes();
      if (half == 1) {
        beginning[first.depth() / 8] |= (byte) (0x80 >>> (first.depth() % 8));
      }
      Digest path = Digest.of(beginning);
      chunks.add(new Subtree(path, first.depth() + 1, root(folder, manifest, path, first)));
    }
    chunks.addAll(manifest.chunks().subList(1, manifest.chunks().size()));
    return new Manifest(manifest.chainHash(), manifest.header(), manifest.certificate(), chunks);
  }

  /** What the refusal of a wrong root tells is the right one. */
  private static Digest root(
      SnapshotFolder folder, Manifest manifest, Digest beginning, Subtree whole) throws Exception {
    byte[] chunk = folder.chunk(manifest.height(), 0).orElseThrow();
    Batch batch = new Batch();
    StateChunks.restore(whole, chunk, batch);
    MemoryStore store = new MemoryStore();
    store.write(batch, true);
    List<byte[]> entries = new ArrayList<>();
    store.scan(
        Table.STATE.key(),
        (key, value) -> {
          Digest path = Digest.of(key, 1);
          if (path.bit(whole.depth()) == beginning.bit(whole.depth())) {
            entries.add(value);
          }
          return true;
        });
    Encoder out = new Encoder().u32(entries.size());
    entries.forEach(out::fixed);
    try {
      StateChunks.restore(
          new Subtree(beginning, whole.depth() + 1, Digest.ZERO), out.toBytes(), new Batch());
      return Digest.ZERO;
    } catch (MalformedException e) {
      return Digest.fromHex(
          String.valueOf(e.getMessage()).replaceAll("^.* is (.*), not .*$", "$1"));
    }
  }

  @Test
  void whatOneNodeAloneHasAndDoesNotGiveIsGivenUpForWhatOthersHave() throws Exception {
    startThree();
    running.remove(0).close();
    nodes.addBlocks(0, 2, 4, VALUE);
    assertThat(Run.quorate("snapshot", "create", nodes.node(0)).status()).isZero();
    Node ahead = start(0);
    String miser = liar(ahead, "/14/chunks/", chunk -> new byte[0]);
    for (int i = 0; i < 2; i++) {
      Run run = restore("--replace", "--node", miser, "--node", api(running.get(0)));
      if (i == 0) {
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("begins at block 12");
      }
    }
  }

  @Test
  void ledgerThatCannotBeReadIsGivenUpOnlyWhenToldSo() throws Exception {
    startThree();
    nodes.addBlocks(FRESH, 3, 4, VALUE);
    Files.writeString(nodes.data(FRESH).resolve("ledger").resolve("CURRENT"), "nonsense");
    Run refused = restore();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains("a ledger that cannot be read; `quorate ledger repair`", "--replace gives it up");
    Run run = restore("--replace");
    assertThat(run.status()).as(run.err()).isZero();
    assertBeganAtTheSnapshot();
  }

  @Test
  void divergedLedgerIsGivenUpForALowerSnapshot() throws Exception {
    startThree();
    nodes.addBlocks(FRESH, BLOCKS + 2, 4, VALUE + "!");
    Files.writeString(nodes.data(FRESH).resolve("DIVERGED"), "at some block");
    Run refused = restore();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("up to block 14 that differs from the others'; --replace");
    Run run = restore("--replace");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(nodes.data(FRESH).resolve("DIVERGED")).doesNotExist();
    assertBeganAtTheSnapshot();
  }

  @Test
  void whoClaimsTooManySnapshotsIsNotAsked() throws Exception {
    startThree();
    String many =
        "{\"snapshots\":["
            + IntStream.range(0, 101).mapToObj(Integer::toString).collect(Collectors.joining(","))
            + "]}";
    String liar = liar(running.get(1), "/snapshots", any -> many.getBytes(StandardCharsets.UTF_8));
    Run run = restore("--node", liar, "--node", api(running.get(0)));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains(liar + " is asked no more: it says to have 101 snapshots");
  }

  @Test
  void forgedManifestIsPassedOver() throws Exception {
    startThree();
    String liar = liar(running.get(1), "/snapshots/12", SnapshotCommandTest::turned);
    String braggart =
        liar(
            running.get(2),
            "/snapshots",
            answer -> "{\"snapshots\":[12,999999]}".getBytes(StandardCharsets.UTF_8));
    Run run = restore("--node", liar, "--node", braggart, "--node", api(running.get(0)));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains(liar + " is asked no more", braggart + " is asked no more");
    assertBeganAtTheSnapshot();
  }

  @Test
  void brokenOffRestoreGoesOn() throws Exception {
    startThree();
    AtomicInteger given = new AtomicInteger();
    String mortal =
        liar(
            running.get(0), "/chunks/", chunk -> given.incrementAndGet() > 2 ? new byte[0] : chunk);
    Run first = restore("--node", mortal);
    assertThat(first.status()).as(first.err()).isEqualTo(5);
    assertThat(first.err()).contains("no node is left to ask: 2 of ", "Begin again");
    try (LevelDbStore store = LevelDbStore.open(nodes.data(FRESH).resolve("restoring"))) {
      assertThat(SnapshotRestore.resume(store).orElseThrow().count()).isEqualTo(2);
    }
    Run second = restore();
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.err()).contains("Going on: 2 of ");
    assertBeganAtTheSnapshot();
  }

  @Test
  void ledgerIsGivenUpOnlyWhenToldSo() throws Exception {
    nodes.addBlocks(FRESH, 3, 4, VALUE);
    startThree();
    Run refused = restore();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("a ledger up to block 3", "--replace");
    Run run = restore("--replace");
    assertThat(run.status()).as(run.err()).isZero();
    assertBeganAtTheSnapshot();
    Run again = restore("--replace");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("a ledger up to block 12, the newest snapshot is of block 12");
  }

  @Test
  void snapshotIsCarriedAsAFile() throws Exception {
    Path file = folder.resolve("snapshot");
    Run export = Run.quorate("snapshot", "export", nodes.node(0), "-o", file);
    assertThat(export.status()).as(export.err()).isZero();
    Run run = restore("--file", file);
    assertThat(run.status()).as(run.err()).isZero();
    assertBeganAtTheSnapshot();

    Files.write(file, turned(Files.readAllBytes(file)));
    Run damaged = Run.quorate("snapshot", "restore", "--dir", nodes.node(FRESH), "--file", file);
    assertThat(damaged.status()).isEqualTo(1); // it has that ledger now
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(file), 5_000));
    Run cutOff = restore("--replace", "--file", cut);
    assertThat(cutOff.status()).isNotZero();
  }

  @Test
  void damagedFileOrSnapshotIsNamed() throws Exception {
    Path file = folder.resolve("snapshot");
    Run.quorate("snapshot", "export", nodes.node(0), "--height", "12", "-o", file);
    Files.write(file, turned(Files.readAllBytes(file)));
    Run restore = restore("--file", file);
    assertThat(restore.status()).isEqualTo(3);
    assertThat(restore.err()).contains("the snapshot in " + file + " is none: ");
    Files.writeString(file, "something else");
    assertThat(restore("--file", file).err()).contains("this is no file of a snapshot");

    Path chunk = nodes.data(1).resolve("snapshots").resolve("12").resolve("1");
    Files.write(chunk, turned(Files.readAllBytes(chunk)));
    Run export = Run.quorate("snapshot", "export", nodes.node(1), "-o", folder.resolve("other"));
    assertThat(export.status()).isEqualTo(3);
    assertThat(export.err()).contains("the snapshot is damaged");
    assertThat(folder.resolve("other")).doesNotExist();
    assertThat(folder.resolve("other.new")).doesNotExist();
  }

  @Test
  void withoutASnapshotOrANodeItSaysSo() throws Exception {
    Run run = restore();
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).contains("no node has a snapshot that proves itself");
    Run export = Run.quorate("snapshot", "export", nodes.node(0), "--height", "7", "-o", "x");
    assertThat(export.err()).contains("no snapshot at height 7, but at [12]");
  }
}
