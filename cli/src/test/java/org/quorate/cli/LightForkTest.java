package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.contents;
import static org.quorate.cli.LightStage.grow;
import static org.quorate.cli.LightStage.growApart;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.ViewChangeStatement;

/** A light client that is shown two chains of one genesis. */
@Timeout(120)
final class LightForkTest {
  private final LightStage light;

  LightForkTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  /** The other chain leaves at block 3, and ends below, at and above the end of this. */
  @ParameterizedTest
  @ValueSource(longs = {5, 8, 12})
  void aForkIsKeptAsEvidenceAndStopsTheClient(long forkHeight) throws Exception {
    light.honestNodes(2);
    grow(light.chain, 8);
    grow(light.fork, 3);
    growApart(light.fork, forkHeight);
    light.synced();
    byte[] head = Files.readAllBytes(light.dir.resolve("head"));
    light.node(light.fork, Manner.HONEST);

    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    Path file =
        light.dir.resolve("evidence").resolve("fork-height-" + Math.min(8, forkHeight) + ".json");
    assertThat(run.err())
        .contains("the chain has forked: " + light.url(2), file.toString())
        .contains("Guilty:\n  node0, public key", "node1, public key", "node2, public key");
    assertThat(Files.readAllBytes(light.dir.resolve("head"))).isEqualTo(head);
    Run verified = light.verifyEvidence(file);
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("more than f = 1 of the 4 validators are faulty");

    Map<String, String> before = contents(light.dir);
    grow(light.chain, 9);
    light.nodes.remove(2).close();
    Run refused = light.sync();
    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains(file.toString(), "remove it");
    assertThat(Run.quorate("light", "state", "k", "--dir", light.dir, light.url(0)).status())
        .isEqualTo(3);
    assertThat(light.status().out()).contains("CONFLICT", file.toString());
    assertThat(contents(light.dir)).isEqualTo(before);

    Files.delete(file);
    assertThat(light.synced().get("height").longValue()).isEqualTo(9);
  }

  /** From the genesis on: the first node decides which is followed, and the second shows it. */
  @Test
  void aForkIsFoundByTheFirstSync() throws Exception {
    grow(light.chain, 8);
    growApart(light.fork, 8);
    light.node(light.fork, Manner.HONEST);
    light.honestNodes(1);
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(light.verifyEvidence(light.dir.resolve("evidence/fork-height-8.json")).status())
        .isZero();
  }

  @Test
  void aForkOfWhichOneCertificateIsMissingStopsTheClientToo() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 8);
    light.synced();
    light.nodes.clear();
    growApart(light.fork, 5);
    light.node(light.fork, Manner.HONEST);
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("no node hands over the certificate of that one");
    assertThat(light.dir.resolve("evidence/block-height-5.json")).exists();
    assertThat(light.sync().err()).contains("block-height-5.json");
  }

  /** Node 0 has seen a fork itself: another one of the same view changes, and nonsense beside. */
  @Test
  void aForkAcrossViewsNamesWhomTheEvidenceOfANodeNames() throws Exception {
    light.honestNodes(2);
    grow(light.chain, 8);
    grow(light.fork, 3);
    light.fork.enterView(2);
    growApart(light.fork, 8);
    light.synced();
    light.node(light.fork, Manner.HONEST);
    Run bare = light.sync();
    assertThat(bare.status()).isEqualTo(3);
    assertThat(bare.err()).doesNotContain("public key");
    Path file = light.dir.resolve("evidence/fork-height-8.json");
    Files.delete(file);

    ViewChangeStatement forgetful = new ViewChangeStatement(2, Optional.empty(), Optional.empty());
    SignedStatement forged =
        new SignedStatement(
            new ReplicaId(2), light.chain.statement(1, forgetful).signature(), forgetful);
    light
        .nodes
        .get(0)
        .hold(
            Fork.of(
                light.chain.spec().chainHash(),
                light.chain.ledger().header(7).orElseThrow().commit(),
                light.fork.ledger().header(7).orElseThrow().commit(),
                List.of(),
                List.of(
                    light.chain.statement(0, forgetful),
                    light.chain.statement(1, forgetful),
                    light.chain.statement(3, forgetful), // who did not sign the first
                    forged)));
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("Guilty:\n  node0, public key", "node1, public key")
        .doesNotContain("node2, public key", "node3, public key");
    assertThat(light.verifyEvidence(file).status()).isZero();
  }

  /** A fork whose certificate f+1 validators signed is a lie. */
  @Test
  void aForkWithoutAQuorumIsALie() throws Exception {
    light.honestNodes(2);
    grow(light.chain, 8);
    growApart(light.fork, 12);
    light.node(light.fork, Manner.FORGING);
    JsonNode json = light.synced();
    assertThat(json.get("height").longValue()).isEqualTo(8);
    assertThat(json.get("dropped")).hasSize(1);
    assertThat(light.dir.resolve("evidence")).doesNotExist();
  }
}
