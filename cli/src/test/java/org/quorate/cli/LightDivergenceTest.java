package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.contents;
import static org.quorate.cli.LightStage.grow;
import static org.quorate.cli.LightStage.growApart;
import static org.quorate.cli.LightStage.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.TransactionProof;

/**
 * A light client that is shown two results of one height. What came of each block validators 0 and
 * 1 have signed; another result 2 and 3, so that nobody signed both, or 1 and 2.
 */
@Timeout(120)
final class LightDivergenceTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final LightStage light;

  LightDivergenceTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  private static Checkpoint otherState(Checkpoint right) {
    return new Checkpoint(right.block(), right.receiptsRoot(), Digest.ZERO);
  }

  /** Of a block on whose state all agree: a proof of the state leads to it as well. */
  private static Checkpoint otherReceipts(Checkpoint right) {
    return new Checkpoint(right.block(), Digest.ZERO, right.stateRoot());
  }

  private CheckpointCertificate other(
      CheckpointCertificate right, UnaryOperator<Checkpoint> how, int... signers) {
    return light.chain.certificate(how.apply(right.checkpoint()), signers);
  }

  /** A node that has the same blocks, and of the block at {@code height} another result. */
  private StubNode divergingAt(long height, UnaryOperator<Checkpoint> how, int... signers) {
    StubNode node = light.node(light.chain, Manner.HONEST);
    node.certify(
        right -> Optional.of(right.height() == height ? other(right, how, signers) : right));
    return node;
  }

  /** Whether, and of whom, the file that was kept tells as it should. */
  private void isKept(long height, int second) throws Exception {
    Path file = evidence(height);
    Run text = light.verifyEvidence(file);
    assertThat(text.status()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("node0, node1 signed\n  a CHECKPOINT of height " + height)
        .contains("each signed by f+1 = 2 or more")
        .contains("or correct ones execute one block differently");
    JsonNode json = JSON.readTree(light.verifyEvidence(file, "--format", "json").out());
    assertThat(json.get("kind").textValue()).isEqualTo("divergence");
    assertThat(json.get("id").textValue()).isEqualTo("divergence-height-" + height);
    if (second == 1) {
      assertThat(text.out()).contains("Guilty:\n  node1, public key").doesNotContain("node2, p");
      assertThat(json.get("guilty")).hasSize(1);
      assertThat(json.at("/guilty/0/name").textValue()).isEqualTo("node1");
    } else {
      assertThat(text.out()).contains("Nobody signed both").doesNotContain("Guilty");
      assertThat(json.get("guilty")).isEmpty();
    }
  }

  private Path evidence(long height) {
    return light.dir.resolve("evidence/divergence-height-" + height + ".json");
  }

  // Sync.

  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void anotherResultOfTheLastBlockIsKeptAsEvidenceAndStopsTheClient(int second) throws Exception {
    light.honestNodes(2);
    grow(light.chain, 8);
    light.synced();
    Map<String, String> before = contents(light.dir);
    divergingAt(8, LightDivergenceTest::otherState, 2, second);

    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("two results of block 8 are proven: one by " + light.dir)
        .contains("another by " + light.url(2), evidence(8).toString());
    isKept(8, second);
    Map<String, String> after = contents(light.dir);
    assertThat(after.remove("evidence/divergence-height-8.json")).isNotNull();
    assertThat(after).isEqualTo(before);

    grow(light.chain, 9);
    light.nodes.remove(2).close();
    Run refused = light.sync();
    assertThat(refused.status()).isEqualTo(3);
    assertThat(refused.err()).contains(evidence(8).toString(), "remove it");
    assertThat(light.state("alice/x").status()).isEqualTo(3);
    assertThat(light.verify(light.transactionProof(light.chain, 2, "v2")).status()).isEqualTo(3);
    assertThat(light.status().out()).contains("CONFLICT", evidence(8).toString());

    Files.delete(evidence(8));
    assertThat(light.synced().get("height").longValue()).isEqualTo(9);
  }

  /** Whichever result came first, the evidence is the same file. */
  @Test
  void theFirstSyncFindsItTooAndKeepsTheSameBytes() throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    divergingAt(8, LightDivergenceTest::otherState, 2, 3);
    assertThat(light.sync().status()).isEqualTo(3);
    String kept = Files.readString(evidence(8));
    assertThat(light.status().out()).contains("head      block 8");

    Collections.reverse(light.nodes);
    Path turned = light.folder.resolve("turned");
    assertThat(light.syncTo(turned).status()).isEqualTo(3);
    assertThat(turned.resolve("evidence/divergence-height-8.json")).hasContent(kept);
    assertThat(contents(turned).get("head")).isNotEqualTo(contents(light.dir).get("head"));
  }

  /** The last blocks have no certificate of their result yet. */
  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void eachNodeIsAskedForTheHighestResultThatIsProven(int second) throws Exception {
    grow(light.chain, 5);
    light.honestNodes(2);
    light.synced();
    grow(light.chain, 8);
    light.nodes.forEach(node -> node.certify(LightDivergenceTest::upToFive));
    assertThat(light.synced().get("proven_height").longValue()).isEqualTo(5);

    light
        .node(light.chain, Manner.HONEST)
        .certify(
            right ->
                upToFive(right)
                    .map(five -> other(five, LightDivergenceTest::otherReceipts, 2, second)));
    assertThat(light.sync().status()).isEqualTo(3);
    isKept(5, second);
  }

  private static Optional<CheckpointCertificate> upToFive(CheckpointCertificate right) {
    return Optional.of(right).filter(certificate -> certificate.height() <= 5);
  }

  /** Two nodes show results of a block of whose result the folder has no proof. */
  @Test
  void nodesAreHeldAgainstEachOtherToo() throws Exception {
    grow(light.chain, 8);
    light.node(light.chain, Manner.HONEST).certify(right -> Optional.empty());
    light.honestNodes(1);
    divergingAt(8, LightDivergenceTest::otherState, 2, 3);
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("one by " + light.url(1) + ", another by " + light.url(2));
    isKept(8, 3);
  }

  @Test
  void anotherResultIsFoundWhenAGapIsFilled() throws Exception {
    grow(light.chain, 600);
    light.honestNodes(1);
    light.synced("--skip");
    light.nodes.clear();
    divergingAt(600, LightDivergenceTest::otherState, 2, 3);
    assertThat(light.sync().status()).isEqualTo(3);
    isKept(600, 3);
    // What joins the two parts came with the other result, and was not taken.
    assertThat(light.status().out()).contains("skipped   heights 513 to 599");
  }

  /** f signatures are what a lying minority can always give. */
  @Test
  void aResultThatFewerThanAWeakQuorumSignedIsALie() throws Exception {
    grow(light.chain, 5);
    light.honestNodes(2);
    light.synced();
    Map<String, String> before = contents(light.dir);
    StubNode liar = divergingAt(5, LightDivergenceTest::otherState, 3);
    Run run = light.sync();
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains(light.url(2) + " is not asked any more", "1 signers where 2");
    assertThat(run.out()).contains("dropped   1 of 3 nodes");
    assertThat(contents(light.dir)).isEqualTo(before);

    grow(light.chain, 8);
    light.nodes.forEach(node -> node.certify(LightDivergenceTest::upToFive));
    liar.certify(
        right -> upToFive(right).map(five -> other(five, LightDivergenceTest::otherState, 3)));
    Run later = light.sync();
    assertThat(later.status()).isZero();
    assertThat(later.err()).contains(light.url(2) + " is not asked any more");
    assertThat(light.status().out()).contains("head      block 8", "result of block 5");
    assertThat(light.dir.resolve("evidence")).doesNotExist();
  }

  /** One request tells that there is no more, one is for the last block. */
  @Test
  void oneRequestMoreIsAllThatItCosts() throws Exception {
    grow(light.chain, 5);
    light.honestNodes(1);
    light.synced();
    StubNode node = light.nodes.get(0);
    int before = node.headerRequests();
    light.synced();
    assertThat(node.headerRequests() - before).isEqualTo(2);

    grow(light.chain, 8);
    node.certify(LightDivergenceTest::upToFive);
    light.synced();
    before = node.headerRequests();
    light.synced();
    assertThat(node.headerRequests() - before).isEqualTo(3);

    // The block of the values is the last one, which was compared when it was followed to.
    grow(light.chain, 9);
    node.certify(Optional::of);
    before = node.headerRequests();
    assertThat(light.state("alice/x").out()).contains("After block 9");
    assertThat(node.headerRequests() - before).isEqualTo(2);
  }

  // State.

  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void aValueOfAnotherResultThanTheFolderHasIsNotTold(int second) throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    light.nodes.clear();
    divergingAt(8, LightDivergenceTest::otherReceipts, 2, second);
    Run run = light.state("alice/x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("one by " + light.dir + ", another by the proof of the state", "Kept in");
    isKept(8, second);
  }

  /** The nodes that prove the value agree; a third, which has the block, was not asked for it. */
  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void aNodeThatProvesAnotherResultOfTheValuesBlockIsHeard(int second) throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    light.nodes.clear();
    grow(light.fork, 6); // the same blocks, so these are behind
    light.node(light.fork, Manner.HONEST);
    light.node(light.fork, Manner.HONEST);
    assertThat(light.state("alice/x").out()).contains("After block 6");

    divergingAt(6, LightDivergenceTest::otherState, 2, second);
    Run run = light.state("alice/x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("one by the proof of the state, another by " + light.url(2));
    isKept(6, second);
  }

  @Test
  void nodesThatAreBehindOrLieDoNotKeepAValueBack() throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    grow(light.fork, 4);
    light.node(light.fork, Manner.HONEST);
    Run behind = light.state("alice/x");
    assertThat(behind.status()).isZero();
    assertThat(behind.err()).isEmpty();
    assertThat(behind.out()).contains("\"alice/x\" = \"v8\"");

    divergingAt(8, LightDivergenceTest::otherState, 3);
    Run lied = light.state("alice/x");
    assertThat(lied.status()).isZero();
    assertThat(lied.out()).isEqualTo(behind.out());
    assertThat(lied.err()).contains(light.url(2) + " is not asked any more", "1 signers where 2");
    assertThat(light.dir.resolve("evidence")).doesNotExist();
  }

  // Proofs.

  /** A proof of what became of a transaction, with another word on the state. */
  private Path proofOfAnother(long height, int... signers) throws Exception {
    TransactionProof proof =
        light.chain.proof(put(light.chain, height, "v" + height).hash()).orElseThrow();
    return light.save(
        "other.json",
        new TransactionProof(
            proof.chainHash(),
            proof.header(),
            proof.commit(),
            proof.transaction(),
            proof.index(),
            proof.transactionPath(),
            proof.receipt(),
            proof.receiptPath(),
            other(proof.checkpointCertificate(), LightDivergenceTest::otherState, signers)));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void aProofOfAnotherResultThanTheFolderHasIsEvidenceWithoutANode(int second) throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    light.close();
    Path proof = proofOfAnother(8, 2, second);
    Run run = light.verify(proof);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("one by " + light.dir + ", another by the proof in " + proof);
    isKept(8, second);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 1})
  void nodesThatAreNamedAreAskedForTheResultOfAProofsBlock(int second) throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    Path proof = light.transactionProof(light.chain, 2, "v2");
    assertThat(light.verify(proof, light.url(0)).status()).isZero();

    divergingAt(2, LightDivergenceTest::otherState, 2, second);
    assertThat(light.verify(proof).status()).isZero();
    Run run = light.verify(proof, light.url(0), light.url(1));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("one by the proof in " + proof + ", another by " + light.url(1));
    isKept(2, second);
  }

  @Test
  void aProofOfAResultThatFewerThanAWeakQuorumSignedIsNoEvidence() throws Exception {
    grow(light.chain, 8);
    light.honestNodes(1);
    light.synced();
    Run run = light.verify(proofOfAnother(8, 3));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("does not hold: 1 signers where 2 are needed");
    assertThat(light.dir.resolve("evidence")).doesNotExist();
  }

  /** No commit certificate of the folder's own block can be had, but one of its result is kept. */
  @Test
  void resultsOfTwoBlocksProveMoreThanFFaultyWhereAForkCannotBeShown() throws Exception {
    grow(light.chain, 5);
    light.honestNodes(1);
    light.synced();
    grow(light.chain, 8);
    light.nodes.get(0).certify(LightDivergenceTest::upToFive);
    light.synced();
    growApart(light.fork, 5);
    Run run = light.verify(light.transactionProof(light.fork, 5, "w5"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("They are of different blocks", "So more than f = 1 of the 4")
        .contains("Guilty:\n  node0, public key", "node1, public key")
        .doesNotContain("execute one block differently");
    assertThat(light.verifyEvidence(evidence(5)).status()).isZero();
    assertThat(contents(light.dir.resolve("evidence"))).hasSize(1);
  }
}
