package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.contents;
import static org.quorate.cli.LightStage.grow;
import static org.quorate.cli.LightStage.growApart;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.cli.light.LightFolder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.proof.CommittedHeader;

/** A light client that follows a chain, from honest nodes and from liars. */
@Timeout(120)
final class LightSyncTest {
  private final LightStage light;

  LightSyncTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  // Following.

  @Test
  void theChainIsFollowedFromTheGenesisToTheHighestBlock() throws Exception {
    light.honestNodes(4);
    grow(light.chain, 5);
    Run run = light.sync();
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("head      block 5", "by node0, node1, node2 in view 0", "result of block 5")
        .contains("followed  5 headers", "dropped   0 of 4 nodes");
    light.hasHashesUpTo(5);
    assertThat(light.status().out())
        .contains("head      block 5", "hashes    6")
        .doesNotContain("skip");
  }

  @Test
  void moreHeadersThanOneAnswerHoldsComeInSeveral() throws Exception {
    light.honestNodes(2);
    grow(light.chain, 1_030);
    JsonNode json = light.synced();
    assertThat(json.get("headers").longValue()).isEqualTo(1_030);
    assertThat(json.get("proven_height").longValue()).isEqualTo(1_030);
    assertThat(json.get("agreeing")).hasSize(2);
    light.hasHashesUpTo(1_030);
  }

  @Test
  void aLaterSyncGoesOnWhereTheFirstEnded() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    grow(light.chain, 7);
    JsonNode json = light.synced();
    assertThat(json.get("from_height").longValue()).isEqualTo(3);
    assertThat(json.get("headers").longValue()).isEqualTo(4);
    light.hasHashesUpTo(7);
    assertThat(light.synced().get("headers").longValue()).isZero();
  }

  @Test
  void aChainWithoutABlockIsFollowedToItsGenesis() throws Exception {
    light.honestNodes(1);
    assertThat(light.synced().get("height").longValue()).isZero();
    assertThat(light.status().out()).contains("head      block 0");
  }

  @Test
  void anotherGenesisIsRefusedByName() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    Map<String, String> before = contents(light.dir);
    Run run =
        Run.quorate(
            "light",
            "sync",
            "--genesis",
            light.folder.resolve("other.json"),
            "--dir",
            light.dir,
            light.url(0));
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("follows the chain stub-1", "not stub-2");
    assertThat(contents(light.dir)).isEqualTo(before);
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws Exception {
    light.honestNodes(1);
    Files.createDirectory(light.dir);
    Files.writeString(light.dir.resolve("letter.txt"), "dear");
    assertThat(light.sync().err()).contains("letter.txt");
    assertThat(light.sync().status()).isEqualTo(4);
    assertThat(contents(light.dir)).containsOnlyKeys("letter.txt");
    assertThat(light.dir.resolve("LOCK")).doesNotExist();
    assertThat(Run.quorate("light", "status", "--dir", light.dir).err()).contains("light sync");
  }

  @Test
  void twoSyncsDoNotWriteAtOnceAndAReaderDoesNotMind() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    try (LightFolder held = LightFolder.open(light.dir)) {
      assertThat(held.height()).isEqualTo(3);
      Run run = light.sync();
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("in use");
      assertThat(light.status().status()).isZero();
    }
    assertThat(light.sync().status()).isZero();
  }

  // Liars.

  private static final int BLOCKS = 70;

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      names = {"FORGING", "FOREIGN", "LYING", "BABBLING", "ENDLESS", "MUTE", "CENSORING"})
  void oneFaultyNodeAmongThreeChangesNothing(Manner manner) throws Exception {
    grow(light.chain, BLOCKS);
    light.honestNodes(1);
    Path honest = light.folder.resolve("honest");
    assertThat(light.syncTo(honest).status()).isZero();
    light.nodes.clear();

    light.node(light.chain, manner);
    light.honestNodes(2);
    Run run = light.sync();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("head      block 70", "dropped   1 of 3 nodes");
    assertThat(run.err()).contains(light.url(0) + " is not asked any more");
    assertThat(contents(light.dir)).isEqualTo(contents(honest));
  }

  @Test
  void aNodeThatWithholdsIsToldFromOneThatIsAMomentBehind() throws Exception {
    grow(light.fork, 1); // the same block
    light.node(light.fork, Manner.HONEST);
    light.honestNodes(1);
    grow(light.chain, 65);
    assertThat(light.synced().get("dropped")).isEmpty();
    grow(light.chain, 66);
    Run run = light.sync();
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("behind, or withholds them");
  }

  @Test
  void whereAllNodesLieNothingIsChanged() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    grow(light.chain, 9);
    Map<String, String> before = contents(light.dir);
    light.nodes.get(0).manner(Manner.FORGING);
    light.node(light.chain, Manner.FOREIGN);
    light.node(light.chain, Manner.LYING);
    light.node(light.chain, Manner.BABBLING);
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("no node is left whose headers hold", "is at block 3")
        .contains("2 signers where 3 are needed", light.url(3));
    assertThat(contents(light.dir)).isEqualTo(before);
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
    CommittedHeader one = light.chain.ledger().header(1).orElseThrow();
    CommittedHeader four = light.chain.ledger().header(4).orElseThrow();
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
            + hex(light.chain.ledger().checkpointCertificate(1).orElseThrow())
            + "\"}",
        "{\"headers\":[" + header + ",\"\"".repeat(512) + "]," + commit + "}",
        "{\"headers\":[" + header + "]," + commit + ",\"pad\":\"" + "x".repeat(1 << 20) + "\"}",
        "[".repeat(100_000));
  }

  @Test
  void whatNoNodeAnswersIsRefusedAndChangesNothing() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    Map<String, String> before = contents(light.dir);
    grow(light.chain, 4);
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
              light.folder.resolve("genesis.json"),
              "--dir",
              light.dir,
              "http://127.0.0.1:" + liar.getAddress().getPort());
      liar.stop(0);
      String what = bad.substring(0, Math.min(99, bad.length()));
      assertThat(run.status()).as(what).isEqualTo(1);
      assertThat(run.err()).as(what).contains("is not asked any more").doesNotContain("internal");
      assertThat(contents(light.dir)).as(what).isEqualTo(before);
    }
    assertThat(light.synced().get("height").longValue()).isEqualTo(4);
  }

  @Test
  void whereNoNodeAnswersTheExitCodeIsFive() throws Exception {
    Run run = light.sync(); // those of the genesis file
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).contains("No node answered");
  }

  /** A liar that is ahead of all others has no certificate for it. */
  @Test
  void aHigherChainOfAnotherNetworkIsNotFollowed() throws Exception {
    grow(light.chain, 3);
    growApart(light.other, 9);
    light.node(light.chain, Manner.FOREIGN);
    light.honestNodes(1);
    assertThat(light.synced().get("height").longValue()).isEqualTo(3);
  }
}
