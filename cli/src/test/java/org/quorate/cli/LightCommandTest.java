package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.cli.client.StubChain;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.cli.light.LightFolder;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.json.ProofBundle;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Proof;

/** A light client against real HTTP servers, honest and other ones. */
@Timeout(120)
final class LightCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> CLIENTS = List.of("alice");

  @TempDir Path folder;

  private final StubChain chain = new StubChain(1, CLIENTS);

  /** The same genesis and the same validators, who sign another chain too. */
  private final StubChain fork = new StubChain(1, CLIENTS);

  private final StubChain other = new StubChain(2, CLIENTS);
  private final List<StubNode> opened = new ArrayList<>();

  /** Those that are asked. */
  private final List<StubNode> nodes = new ArrayList<>();

  private Path dir;

  @BeforeEach
  void writeGenesisFiles() throws Exception {
    dir = folder.resolve("light");
    writeGenesis("genesis.json", chain);
    writeGenesis("other.json", other);
  }

  private void writeGenesis(String name, StubChain of) throws Exception {
    List<HostPort> apis = new ArrayList<>();
    List<HostPort> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      apis.add(new HostPort("127.0.0.1", 1 + i)); // where nobody listens
      peers.add(new HostPort("127.0.0.2", 1 + i));
    }
    new GenesisDocument(of.spec(), peers, apis).write(folder.resolve(name));
  }

  @AfterEach
  void closeNodes() {
    opened.forEach(StubNode::close);
  }

  private StubNode node(StubChain of, Manner manner) {
    StubNode node = new StubNode("node" + nodes.size(), of, other, manner);
    nodes.add(node);
    opened.add(node);
    return node;
  }

  private void honestNodes(int count) {
    for (int i = 0; i < count; i++) {
      node(chain, Manner.HONEST);
    }
  }

  private static Transaction put(StubChain on, long nonce, String value) {
    return Transaction.sign(
        StubChain.clientKey("alice"),
        on.spec().chainHash(),
        nonce,
        List.of(new Operation.Put(ByteString.utf8("alice/x"), ByteString.utf8(value))));
  }

  /** Blocks up to {@code height}, the same on each chain that is extended by it. */
  private static void grow(StubChain on, long height) {
    for (long h = on.ledger().checkpoint().height() + 1; h <= height; h++) {
      on.execute(put(on, h, "v" + h));
    }
  }

  private static void growApart(StubChain on, long height) {
    for (long h = on.ledger().checkpoint().height() + 1; h <= height; h++) {
      on.execute(put(on, h, "w" + h));
    }
  }

  private String url(int node) {
    return "http://127.0.0.1:" + nodes.get(node).port();
  }

  private Run syncTo(Path target, Object... options) {
    List<Object> words =
        new ArrayList<>(
            List.of("light", "sync", "--genesis", folder.resolve("genesis.json"), "--dir", target));
    words.addAll(List.of(options));
    for (int i = 0; i < nodes.size(); i++) {
      words.add(url(i));
    }
    return Run.quorate(words.toArray());
  }

  private Run sync(Object... options) {
    return syncTo(dir, options);
  }

  private JsonNode synced(Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("--format", "json"));
    words.addAll(List.of(options));
    Run run = sync(words.toArray());
    assertThat(run.status()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private Run status() {
    return Run.quorate("light", "status", "--dir", dir);
  }

  private static Map<String, String> contents(Path of) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(of)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK")) {
          contents.put(of.relativize(file).toString(), Hex.encode(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  private void hasHashesUpTo(long height) throws Exception {
    byte[] hashes = Files.readAllBytes(dir.resolve("hashes-0"));
    assertThat(hashes).hasSize((int) (height + 1) * Digest.BYTES);
    for (long h = 1; h <= height; h++) {
      assertThat(Digest.of(hashes, (int) h * Digest.BYTES))
          .isEqualTo(
              chain.ledger().header(h).orElseThrow().header().hash(chain.spec().chainHash()));
    }
  }

  // Following.

  @Test
  void theChainIsFollowedFromTheGenesisToTheHighestBlock() throws Exception {
    honestNodes(4);
    grow(chain, 5);
    Run run = sync();
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("head      block 5", "by node0, node1, node2 in view 0", "result of block 5")
        .contains("followed  5 headers", "dropped   0 of 4 nodes");
    hasHashesUpTo(5);
    assertThat(status().out()).contains("head      block 5", "hashes    6").doesNotContain("skip");
  }

  @Test
  void moreHeadersThanOneAnswerHoldsComeInSeveral() throws Exception {
    honestNodes(2);
    grow(chain, 1_030);
    JsonNode json = synced();
    assertThat(json.get("headers").longValue()).isEqualTo(1_030);
    assertThat(json.get("proven_height").longValue()).isEqualTo(1_030);
    assertThat(json.get("agreeing")).hasSize(2);
    hasHashesUpTo(1_030);
  }

  @Test
  void aLaterSyncGoesOnWhereTheFirstEnded() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    grow(chain, 7);
    JsonNode json = synced();
    assertThat(json.get("from_height").longValue()).isEqualTo(3);
    assertThat(json.get("headers").longValue()).isEqualTo(4);
    hasHashesUpTo(7);
    assertThat(synced().get("headers").longValue()).isZero();
  }

  @Test
  void aChainWithoutABlockIsFollowedToItsGenesis() throws Exception {
    honestNodes(1);
    assertThat(synced().get("height").longValue()).isZero();
    assertThat(status().out()).contains("head      block 0");
  }

  @Test
  void anotherGenesisIsRefusedByName() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    Map<String, String> before = contents(dir);
    Run run =
        Run.quorate(
            "light", "sync", "--genesis", folder.resolve("other.json"), "--dir", dir, url(0));
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("follows the chain stub-1", "not stub-2");
    assertThat(contents(dir)).isEqualTo(before);
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws Exception {
    honestNodes(1);
    Files.createDirectory(dir);
    Files.writeString(dir.resolve("letter.txt"), "dear");
    assertThat(sync().err()).contains("letter.txt");
    assertThat(sync().status()).isEqualTo(4);
    assertThat(contents(dir)).containsOnlyKeys("letter.txt");
    assertThat(dir.resolve("LOCK")).doesNotExist();
    assertThat(Run.quorate("light", "status", "--dir", dir).err()).contains("light sync");
  }

  @Test
  void twoSyncsDoNotWriteAtOnceAndAReaderDoesNotMind() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    try (LightFolder held = LightFolder.open(dir)) {
      assertThat(held.height()).isEqualTo(3);
      Run run = sync();
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("in use");
      assertThat(status().status()).isZero();
    }
    assertThat(sync().status()).isZero();
  }

  // Liars.

  private static final int BLOCKS = 70;

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      names = {"FORGING", "FOREIGN", "LYING", "BABBLING", "ENDLESS", "MUTE", "CENSORING"})
  void oneFaultyNodeAmongThreeChangesNothing(Manner manner) throws Exception {
    grow(chain, BLOCKS);
    honestNodes(1);
    Path honest = folder.resolve("honest");
    assertThat(syncTo(honest).status()).isZero();
    nodes.clear();

    node(chain, manner);
    honestNodes(2);
    Run run = sync();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("head      block 70", "dropped   1 of 3 nodes");
    assertThat(run.err()).contains(url(0) + " is not asked any more");
    assertThat(contents(dir)).isEqualTo(contents(honest));
  }

  @Test
  void aNodeThatWithholdsIsToldFromOneThatIsAMomentBehind() throws Exception {
    grow(fork, 1); // the same block
    node(fork, Manner.HONEST);
    honestNodes(1);
    grow(chain, 65);
    assertThat(synced().get("dropped")).isEmpty();
    grow(chain, 66);
    Run run = sync();
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("behind, or withholds them");
  }

  @Test
  void whereAllNodesLieNothingIsChanged() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    grow(chain, 9);
    Map<String, String> before = contents(dir);
    nodes.get(0).manner(Manner.FORGING);
    node(chain, Manner.FOREIGN);
    node(chain, Manner.LYING);
    node(chain, Manner.BABBLING);
    Run run = sync();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("no node is left whose headers hold", "is at block 3")
        .contains("2 signers where 3 are needed", url(3));
    assertThat(contents(dir)).isEqualTo(before);
  }

  private static HttpServer server(HttpHandler answer) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", answer);
    server.start();
    return server;
  }

  private String hex(Encodable value) {
    return Hex.encode(value.encoded());
  }

  /** Answers to a request for headers that no node gives, of blocks and certificates that are. */
  private List<String> badAnswers() {
    CommittedHeader one = chain.ledger().header(1).orElseThrow();
    CommittedHeader four = chain.ledger().header(4).orElseThrow();
    String commit = "\"commit\":\"" + hex(four.commit()) + "\"";
    String header = "\"" + hex(four.header()) + "\"";
    return List.of(
        "",
        "[]",
        "{}",
        "{\"headers\":5," + commit + "}",
        "{\"headers\":[]," + commit + "}",
        "{\"headers\":[5]," + commit + "}",
        "{\"headers\":[" + header + "]}",
        "{\"headers\":[" + header + "],\"commit\":\"\"}",
        "{\"headers\":[" + header.replace("\"0001", "\"0002") + "]," + commit + "}",
        "{\"headers\":[\"" + hex(four.header()) + "00\"]," + commit + "}",
        "{\"headers\":[\"" + hex(one.header()) + "\"]," + commit + "}",
        "{\"headers\":[" + header + "],\"commit\":\"" + hex(one.commit()) + "\"}",
        "{\"headers\":["
            + header
            + "],"
            + commit
            + ",\"checkpoint\":\""
            + hex(chain.ledger().checkpointCertificate(1).orElseThrow())
            + "\"}",
        "{\"headers\":[" + header + ",\"\"".repeat(512) + "]," + commit + "}",
        "{\"headers\":[" + header + "]," + commit + ",\"pad\":\"" + "x".repeat(1 << 20) + "\"}",
        "[".repeat(100_000));
  }

  @Test
  void whatNoNodeAnswersIsRefusedAndChangesNothing() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    Map<String, String> before = contents(dir);
    grow(chain, 4);
    for (String bad : badAnswers()) {
      HttpServer liar =
          server(
              exchange -> {
                byte[] body = bad.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
              });
      Run run =
          Run.quorate(
              "light",
              "sync",
              "--genesis",
              folder.resolve("genesis.json"),
              "--dir",
              dir,
              "http://127.0.0.1:" + liar.getAddress().getPort());
      liar.stop(0);
      String what = bad.substring(0, Math.min(99, bad.length()));
      assertThat(run.status()).as(what).isEqualTo(1);
      assertThat(run.err()).as(what).contains("is not asked any more").doesNotContain("internal");
      assertThat(contents(dir)).as(what).isEqualTo(before);
    }
    assertThat(synced().get("height").longValue()).isEqualTo(4);
  }

  @Test
  void whereNoNodeAnswersTheExitCodeIsFive() throws Exception {
    Run run = sync(); // those of the genesis file
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).contains("No node answered");
  }

  /** A liar that is ahead of all others has no certificate for it. */
  @Test
  void aHigherChainOfAnotherNetworkIsNotFollowed() throws Exception {
    grow(chain, 3);
    growApart(other, 9);
    node(chain, Manner.FOREIGN);
    honestNodes(1);
    assertThat(synced().get("height").longValue()).isEqualTo(3);
  }

  // Forks.

  private Run verifyEvidence(Path file) {
    return Run.quorate("evidence", "verify", "--genesis", folder.resolve("genesis.json"), file);
  }

  /** The other chain leaves at block 3, and ends below, at and above the end of this. */
  @ParameterizedTest
  @ValueSource(longs = {5, 8, 12})
  void aForkIsKeptAsEvidenceAndStopsTheClient(long forkHeight) throws Exception {
    honestNodes(2);
    grow(chain, 8);
    grow(fork, 3);
    growApart(fork, forkHeight);
    synced();
    byte[] head = Files.readAllBytes(dir.resolve("head"));
    node(fork, Manner.HONEST);

    Run run = sync();
    assertThat(run.status()).isEqualTo(3);
    Path file = dir.resolve("evidence").resolve("fork-height-" + Math.min(8, forkHeight) + ".json");
    assertThat(run.err())
        .contains("the chain has forked: " + url(2), file.toString())
        .contains("Guilty:\n  node0, public key", "node1, public key", "node2, public key");
    assertThat(Files.readAllBytes(dir.resolve("head"))).isEqualTo(head);
    Run verified = verifyEvidence(file);
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("more than f = 1 of the 4 validators are faulty");

    Map<String, String> before = contents(dir);
    grow(chain, 9);
    nodes.remove(2).close();
    Run refused = sync();
    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains(file.toString(), "remove it");
    assertThat(Run.quorate("light", "state", "k", "--dir", dir, url(0)).status()).isEqualTo(3);
    assertThat(status().out()).contains("CONFLICT", file.toString());
    assertThat(contents(dir)).isEqualTo(before);

    Files.delete(file);
    assertThat(synced().get("height").longValue()).isEqualTo(9);
  }

  /** From the genesis on: the first node decides which is followed, and the second shows it. */
  @Test
  void aForkIsFoundByTheFirstSync() throws Exception {
    grow(chain, 8);
    growApart(fork, 8);
    node(fork, Manner.HONEST);
    honestNodes(1);
    Run run = sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(verifyEvidence(dir.resolve("evidence/fork-height-8.json")).status()).isZero();
  }

  @Test
  void aForkOfWhichOneCertificateIsMissingStopsTheClientToo() throws Exception {
    honestNodes(1);
    grow(chain, 8);
    synced();
    nodes.clear();
    growApart(fork, 5);
    node(fork, Manner.HONEST);
    Run run = sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("no node hands over the certificate of that one");
    assertThat(dir.resolve("evidence/block-height-5.json")).exists();
    assertThat(sync().err()).contains("block-height-5.json");
  }

  /** A fork whose certificate f+1 validators signed is a lie. */
  @Test
  void aForkWithoutAQuorumIsALie() throws Exception {
    honestNodes(2);
    grow(chain, 8);
    growApart(fork, 12);
    node(fork, Manner.FORGING);
    JsonNode json = synced();
    assertThat(json.get("height").longValue()).isEqualTo(8);
    assertThat(json.get("dropped")).hasSize(1);
    assertThat(dir.resolve("evidence")).doesNotExist();
  }

  // What a crash or a bad disk leaves.

  private void isDamaged(String name) {
    Run run = sync();
    assertThat(run.status()).as(run.out()).isEqualTo(4);
    assertThat(run.err()).contains(name, "is damaged", "remove it, and sync again");
    assertThat(status().status()).isEqualTo(4);
  }

  private String readFailure() throws Exception {
    try (LightFolder read = LightFolder.read(dir)) {
      return "none, at height " + read.height();
    } catch (CommandFailure e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void anyByteOfTheHeadThatIsNotAsItWasIsFound() throws Exception {
    honestNodes(1);
    grow(chain, 2);
    synced();
    Path file = dir.resolve("head");
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << i % 8);
      Files.write(file, bad);
      assertThat(readFailure()).as("byte " + i).contains("is damaged");
    }
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThat(readFailure()).as("length " + length).contains("is damaged");
    }
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    isDamaged("head");
    Files.write(file, good);
    assertThat(sync().status()).isZero();
  }

  @Test
  void anyBitOfTheHashesThatIsNotAsItWasIsFound() throws Exception {
    honestNodes(1);
    grow(chain, 20);
    synced();
    Path file = dir.resolve("hashes-0");
    byte[] good = Files.readAllBytes(file);
    for (int bit = 0; bit < good.length * 8; bit += 13) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, bad);
      assertThat(readFailure()).as("bit " + bit).contains("is damaged");
    }
    for (int length = 0; length < good.length; length += 7) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThat(readFailure()).as("length " + length).contains("is damaged");
    }
    isDamaged("hashes-0");
    Files.delete(file);
    isDamaged("hashes-0");
    Files.write(file, good);
    assertThat(sync().status()).isZero();
  }

  /** A process that dies leaves hashes that no head counts, or half a head beside the old one. */
  @Test
  void whatADeadProcessLeftIsCutOffAndDoneAgain() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    synced();
    byte[] oldHead = Files.readAllBytes(dir.resolve("head"));
    grow(chain, 6);
    synced();
    Map<String, String> whole = contents(dir);
    byte[] newHead = Files.readAllBytes(dir.resolve("head"));
    byte[] hashes = Files.readAllBytes(dir.resolve("hashes-0"));

    for (int length = 4 * Digest.BYTES; length <= hashes.length; length += 11) {
      Files.write(dir.resolve("head"), oldHead);
      Files.write(dir.resolve("hashes-0"), Arrays.copyOf(hashes, length));
      Files.write(dir.resolve("head.new"), Arrays.copyOf(newHead, length));
      Files.write(dir.resolve("hashes-999"), new byte[40]);
      assertThat(status().out()).as("length " + length).contains("head      block 3");
      assertThat(synced().get("headers").longValue()).isEqualTo(3);
      assertThat(contents(dir)).isEqualTo(whole);
    }
    Files.write(dir.resolve("hashes-0"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertThat(synced().get("headers").longValue()).isZero();
    assertThat(contents(dir)).isEqualTo(whole);
  }

  @Test
  void aFolderWhoseMakingWasCutShortBeginsAnew() throws Exception {
    honestNodes(1);
    grow(chain, 3);
    Files.createDirectory(dir);
    Files.write(dir.resolve("genesis.json.new"), new byte[] {'{'});
    Files.write(dir.resolve("hashes-0"), new byte[50]);
    assertThat(synced().get("height").longValue()).isEqualTo(3);
    hasHashesUpTo(3);
  }

  // Skipping.

  @Test
  void whatWasSkippedIsFilledInLaterAndIsTheSameThen() throws Exception {
    honestNodes(2);
    grow(chain, 5);
    synced();
    grow(chain, 600);
    JsonNode first = synced("--skip");
    assertThat(first.get("height").longValue()).isEqualTo(600);
    assertThat(first.at("/skipped/0/first").longValue()).isEqualTo(6);
    assertThat(first.at("/skipped/0/last").longValue()).isEqualTo(599);
    grow(chain, 602);
    assertThat(synced("--skip").get("headers").longValue()).isEqualTo(2);
    grow(chain, 1_200);
    assertThat(synced("--skip").get("skipped")).hasSize(2);
    assertThat(status().out())
        .contains("hashes    10,", "skipped   heights 6 to 599;", "skipped   heights 603 to 1199;");

    grow(chain, 1_201);
    JsonNode filled = synced();
    assertThat(filled.get("skipped")).isEmpty();
    assertThat(filled.get("headers").longValue()).isEqualTo(594 + 597 + 1);
    hasHashesUpTo(1_201);
    Path straight = folder.resolve("straight");
    assertThat(syncTo(straight).status()).isZero();
    assertThat(contents(dir)).isEqualTo(contents(straight));
  }

  /** Two files become one: the process dies before the head says so, or right after. */
  @Test
  void aGapThatWasBeingFilledWhenAProcessDiedIsFilled() throws Exception {
    honestNodes(1);
    grow(chain, 5);
    synced();
    grow(chain, 600);
    synced("--skip");
    byte[] headBefore = Files.readAllBytes(dir.resolve("head"));
    byte[] above = Files.readAllBytes(dir.resolve("hashes-600"));
    synced();
    Map<String, String> whole = contents(dir);

    Files.write(dir.resolve("hashes-600"), above);
    assertThat(synced().get("headers").longValue()).isZero();
    assertThat(contents(dir)).isEqualTo(whole);

    Files.write(dir.resolve("hashes-600"), above);
    Files.write(dir.resolve("head"), headBefore);
    assertThat(status().out()).contains("skipped   heights 6 to 599;");
    assertThat(synced().get("headers").longValue()).isEqualTo(594);
    assertThat(contents(dir)).isEqualTo(whole);
  }

  @Test
  void aJumpThatIsNotProvenIsNotMade() throws Exception {
    node(chain, Manner.FORGING);
    node(chain, Manner.FOREIGN);
    honestNodes(1);
    grow(chain, 600);
    growApart(other, 900);
    JsonNode json = synced("--skip");
    assertThat(json.get("height").longValue()).isEqualTo(600);
    assertThat(json.get("dropped")).hasSize(2);
  }

  /** The chain that was jumped to turns out not to stand on what was followed before. */
  @Test
  void aForkIsFoundWhenAGapIsFilled() throws Exception {
    honestNodes(1);
    grow(chain, 5);
    synced();
    growApart(fork, 600);
    nodes.clear();
    node(fork, Manner.HONEST);
    assertThat(synced("--skip").get("height").longValue()).isEqualTo(600);
    nodes.clear();
    honestNodes(1);
    grow(chain, 600);
    Run run = sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(verifyEvidence(dir.resolve("evidence/fork-height-600.json")).status()).isZero();
  }

  @Test
  void aGapThatNoNodeFillsStays() throws Exception {
    honestNodes(1);
    grow(chain, 600);
    synced("--skip");
    nodes.get(0).manner(Manner.CENSORING);
    Run run = sync();
    assertThat(run.err()).contains("No node hands over the headers from height 2 on");
    nodes.get(0).manner(Manner.HONEST);
    assertThat(synced().get("skipped")).isEmpty();
  }

  // Proofs.

  private Path save(String name, Proof proof) throws Exception {
    Path file = folder.resolve(name);
    Files.write(file, ProofBundle.write(proof));
    return file;
  }

  private Path transactionProof(StubChain of, long nonce, String value) throws Exception {
    return save(value + ".json", of.proof(put(of, nonce, value).hash()).orElseThrow());
  }

  private Run verify(Path file, Object... options) {
    List<Object> words = new ArrayList<>(List.of("light", "verify", "--dir", dir));
    words.addAll(List.of(options));
    words.add(file);
    return Run.quorate(words.toArray());
  }

  @Test
  void aProofIsVerifiedAgainstTheBlockThatTheFolderHas() throws Exception {
    honestNodes(1);
    grow(chain, 4);
    synced();
    closeNodes();
    Run run = verify(transactionProof(chain, 2, "v2"));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("This is proven", "Its block is block 2 of " + dir);

    Path state =
        save(
            "state.json",
            chain.ledger().proof(new TreeSet<>(List.of(ByteString.utf8("alice/x")))).orElseThrow());
    JsonNode json = JSON.readTree(verify(state, "--format", "json").out());
    assertThat(json.get("valid").booleanValue()).isTrue();
    assertThat(json.get("standing").textValue()).isEqualTo("same");

    grow(chain, 6);
    Run above = verify(transactionProof(chain, 6, "v6"));
    assertThat(above.status()).isZero();
    assertThat(above.out()).contains("Its block 6 is above block 4");
  }

  @Test
  void aProofOfASkippedBlockIsSaidToBe() throws Exception {
    honestNodes(1);
    grow(chain, 600);
    synced("--skip");
    Run run = verify(transactionProof(chain, 9, "v9"));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("has skipped", "without --skip");
  }

  @Test
  void aProofThatDoesNotHoldIsRefusedAsByProofVerify() throws Exception {
    honestNodes(1);
    grow(chain, 4);
    synced();
    growApart(other, 4);
    Run foreign = verify(transactionProof(other, 2, "w2"));
    assertThat(foreign.status()).isEqualTo(3);
    assertThat(foreign.err()).contains("does not hold: the chain is");
    Run forged =
        verify(
            save(
                "forged.json",
                chain.underSigned(chain.proof(put(chain, 2, "v2").hash()).orElseThrow())));
    assertThat(forged.status()).isEqualTo(3);
    assertThat(dir.resolve("evidence")).doesNotExist();
  }

  @Test
  void aProofOfAnotherBlockIsAFork() throws Exception {
    honestNodes(1);
    grow(chain, 4);
    synced();
    growApart(fork, 4);
    Run run = verify(transactionProof(fork, 4, "w4"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("the proof in", "proves another", "Guilty");
    Path evidence = dir.resolve("evidence/fork-height-4.json");
    assertThat(verifyEvidence(evidence).status()).isZero();
    assertThat(verify(transactionProof(chain, 2, "v2")).err()).contains(evidence.toString());
    Files.delete(evidence);

    // The certificate of a block that is not the last is not kept, and here no node has it.
    Run lower = verify(transactionProof(fork, 2, "w2"));
    assertThat(lower.status()).isEqualTo(3);
    assertThat(dir.resolve("evidence/block-height-2.json")).exists();
  }

  // The state.

  private Run state(Object... words) {
    List<Object> all = new ArrayList<>(List.of("light", "state", "--dir", dir));
    all.addAll(List.of(words));
    for (int i = 0; i < nodes.size(); i++) {
      all.add(url(i));
    }
    return Run.quorate(all.toArray());
  }

  @Test
  void theStateIsProvenAfterABlockThatIsFollowedFirst() throws Exception {
    node(chain, Manner.LYING);
    honestNodes(2);
    grow(chain, 4);
    synced();
    grow(chain, 6);
    Run run = state("alice/x", "alice/y");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("After block 6, of 2023-11-14T22:13:20.006Z:", "\"alice/x\" = \"v6\"")
        .contains("\"alice/y\" is absent");
    assertThat(status().out()).contains("head      block 6");
    JsonNode json = JSON.readTree(state("alice/x", "--format", "json").out());
    assertThat(json.get("head_height").longValue()).isEqualTo(6);
    assertThat(json.get("blocks_behind_head").longValue()).isZero();
    assertThat(json.at("/values/0/value").textValue()).isEqualTo("v6");
  }

  @Test
  void aValueAfterASkippedBlockIsNotToldBeforeTheGapIsFilled() throws Exception {
    honestNodes(1);
    grow(chain, 600);
    synced("--skip");
    nodes.clear();
    grow(fork, 40);
    node(fork, Manner.HONEST);
    Run run = state("alice/x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("has skipped", "without --skip");
  }

  @Test
  void aProofOlderThanTheHeadIsSaidToBe() throws Exception {
    honestNodes(1);
    grow(chain, 6);
    synced();
    nodes.clear();
    grow(fork, 4); // the same blocks, so it is a node that is behind
    node(fork, Manner.HONEST);
    Run run = state("alice/x");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("After block 4", "\"alice/x\" = \"v4\"");
    assertThat(run.err()).contains("2 blocks older than block 6");
  }

  @Test
  void theStateOfAnotherChainIsAFork() throws Exception {
    honestNodes(1);
    grow(chain, 6);
    synced();
    growApart(fork, 6);
    nodes.clear();
    node(fork, Manner.HONEST);
    Run run = state("alice/x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(dir.resolve("evidence/fork-height-6.json")).exists();
  }

  @Test
  void withoutANodeOrAKeyThereIsNoState() throws Exception {
    honestNodes(1);
    grow(chain, 2);
    synced();
    assertThat(state().status()).isEqualTo(2);
    nodes.get(0).close();
    assertThat(state("alice/x").status()).isEqualTo(5);
    assertThat(
            Run.quorate(
                    "light",
                    "sync",
                    "--genesis",
                    folder.resolve("genesis.json"),
                    "--dir",
                    dir,
                    "nonsense")
                .status())
        .isEqualTo(2);
  }
}
