package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.grow;
import static org.quorate.cli.LightStage.growApart;
import static org.quorate.cli.LightStage.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.ledger.codec.ByteString;

/** Proofs and values, held against the chain that a light client has followed. */
@Timeout(120)
final class LightProofTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final LightStage light;

  LightProofTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  // Proofs.

  @Test
  void aProofIsVerifiedAgainstTheBlockThatTheFolderHas() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 4);
    light.synced();
    light.close();
    Run run = light.verify(light.transactionProof(light.chain, 2, "v2"));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("This is proven", "Its block is block 2 of " + light.dir);

    Path state =
        light.save(
            "state.json",
            light
                .chain
                .ledger()
                .proof(new TreeSet<>(List.of(ByteString.utf8("alice/x"))))
                .orElseThrow());
    JsonNode json = JSON.readTree(light.verify(state, "--format", "json").out());
    assertThat(json.get("valid").booleanValue()).isTrue();
    assertThat(json.get("standing").textValue()).isEqualTo("same");

    grow(light.chain, 6);
    Run above = light.verify(light.transactionProof(light.chain, 6, "v6"));
    assertThat(above.status()).isZero();
    assertThat(above.out()).contains("Its block 6 is above block 4");
  }

  @Test
  void aProofOfASkippedBlockIsSaidToBe() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 600);
    light.synced("--skip");
    Run run = light.verify(light.transactionProof(light.chain, 9, "v9"));
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("has skipped", "without --skip");
  }

  @Test
  void aProofThatDoesNotHoldIsRefusedAsByProofVerify() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 4);
    light.synced();
    growApart(light.other, 4);
    Run foreign = light.verify(light.transactionProof(light.other, 2, "w2"));
    assertThat(foreign.status()).isEqualTo(3);
    assertThat(foreign.err()).contains("does not hold: the chain is");
    Run forged =
        light.verify(
            light.save(
                "forged.json",
                light.chain.underSigned(
                    light.chain.proof(put(light.chain, 2, "v2").hash()).orElseThrow())));
    assertThat(forged.status()).isEqualTo(3);
    assertThat(light.dir.resolve("evidence")).doesNotExist();
  }

  @Test
  void aProofOfAnotherBlockIsAFork() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 4);
    light.synced();
    growApart(light.fork, 4);
    Run run = light.verify(light.transactionProof(light.fork, 4, "w4"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("the proof in", "proves another", "Guilty");
    Path evidence = light.dir.resolve("evidence/fork-height-4.json");
    assertThat(light.verifyEvidence(evidence).status()).isZero();
    assertThat(light.verify(light.transactionProof(light.chain, 2, "v2")).err())
        .contains(evidence.toString());
    Files.delete(evidence);

    // The certificate of a block that is not the last is not kept, and here no node has it.
    Run lower = light.verify(light.transactionProof(light.fork, 2, "w2"));
    assertThat(lower.status()).isEqualTo(3);
    assertThat(light.dir.resolve("evidence/block-height-2.json")).exists();
  }

  // The state.

  @Test
  void theStateIsProvenAfterABlockThatIsFollowedFirst() throws Exception {
    light.node(light.chain, Manner.LYING);
    light.honestNodes(2);
    grow(light.chain, 4);
    light.synced();
    grow(light.chain, 6);
    Run run = light.state("alice/x", "alice/y");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("After block 6, of 2023-11-14T22:13:20.006Z:", "\"alice/x\" = \"v6\"")
        .contains("\"alice/y\" is absent");
    assertThat(light.status().out()).contains("head      block 6");
    JsonNode json = JSON.readTree(light.state("alice/x", "--format", "json").out());
    assertThat(json.get("head_height").longValue()).isEqualTo(6);
    assertThat(json.get("blocks_behind_head").longValue()).isZero();
    assertThat(json.at("/values/0/value").textValue()).isEqualTo("v6");
  }

  @Test
  void aValueAfterASkippedBlockIsNotToldBeforeTheGapIsFilled() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 600);
    light.synced("--skip");
    light.nodes.clear();
    grow(light.fork, 40);
    light.node(light.fork, Manner.HONEST);
    Run run = light.state("alice/x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("has skipped", "without --skip");
  }

  @Test
  void aProofOlderThanTheHeadIsSaidToBe() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 6);
    light.synced();
    light.nodes.clear();
    grow(light.fork, 4); // the same blocks, so it is a node that is behind
    light.node(light.fork, Manner.HONEST);
    Run run = light.state("alice/x");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("After block 4", "\"alice/x\" = \"v4\"");
    assertThat(run.err()).contains("2 blocks older than block 6");
  }

  @Test
  void theStateOfAnotherChainIsAFork() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 6);
    light.synced();
    growApart(light.fork, 6);
    light.nodes.clear();
    light.node(light.fork, Manner.HONEST);
    Run run = light.state("alice/x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(light.dir.resolve("evidence/fork-height-6.json")).exists();
  }

  @Test
  void withoutANodeOrAKeyThereIsNoState() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 2);
    light.synced();
    assertThat(light.state().status()).isEqualTo(2);
    light.nodes.get(0).close();
    assertThat(light.state("alice/x").status()).isEqualTo(5);
    assertThat(
            Run.quorate(
                    "light",
                    "sync",
                    "--genesis",
                    light.folder.resolve("genesis.json"),
                    "--dir",
                    light.dir,
                    "nonsense")
                .status())
        .isEqualTo(2);
  }
}
