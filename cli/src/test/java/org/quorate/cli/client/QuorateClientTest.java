package org.quorate.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.StateProof;

@Timeout(60)
final class QuorateClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final SigningKey ALICE = StubChain.clientKey("alice");
  private static final ByteString KEY = ByteString.utf8("alice/x");

  private final StubChain chain = new StubChain(1, List.of("alice"));
  private final StubChain other = new StubChain(2, List.of("alice"));
  private final HttpClient http = NodeClient.newHttpClient();
  private final List<StubNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(StubNode::close);
  }

  private QuorateClient client(Manner... manners) {
    nodes.addAll(StubNode.network(chain, other, manners));
    return new QuorateClient(chain.spec(), nodes.stream().map(StubNode::endpoint).toList(), http);
  }

  /** A transaction for which the client asks node0 first, so that the test knows who lies to it. */
  private Transaction transaction() {
    for (long nonce = 1; true; nonce++) {
      Transaction transaction =
          Transaction.sign(
              ALICE,
              chain.spec().chainHash(),
              nonce,
              List.of(new Operation.Put(KEY, ByteString.utf8("1"))));
      if (Math.floorMod(transaction.hash().hashCode(), 4) == 0) {
        return transaction;
      }
    }
  }

  @Test
  void aTransactionIsProvenByTheFirstHonestNode() throws InterruptedException {
    QuorateClient client = client(Manner.HONEST, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    Transaction transaction = transaction();

    Submission submission = client.submit(transaction, LONG);

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Proven.class,
            proven -> {
              assertThat(proven.proof().transaction()).isEqualTo(transaction);
              assertThat(proven.from().name()).isEqualTo("node0");
            });
    assertThat(nodes.get(1).submissions()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      names = {"CENSORING", "FORGING", "FOREIGN", "REFUSING", "BABBLING", "MUTE", "ENDLESS"})
  void oneFaultyNodeCannotKeepAClientFromTheProof(Manner manner) throws InterruptedException {
    QuorateClient client = client(manner, Manner.HONEST, Manner.HONEST, Manner.HONEST);

    Submission submission = client.submit(transaction(), LONG);

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Proven.class, proven -> assertThat(proven.from().name()).isEqualTo("node1"));
  }

  @Test
  void aDeadNodeIsPassedOver() throws InterruptedException {
    QuorateClient client = client(Manner.HONEST, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    nodes.get(0).close();

    assertThat(client.submit(transaction(), LONG)).isInstanceOf(Submission.Proven.class);
  }

  @Test
  void aNodeThatLiedIsNotAskedAgain() throws InterruptedException {
    QuorateClient client =
        client(Manner.FORGING, Manner.CENSORING, Manner.CENSORING, Manner.CENSORING);

    Submission submission = client.submit(transaction(), Duration.ofSeconds(1));

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Unproven.class,
            unproven ->
                assertThat(unproven.reports()).anyMatch(line -> line.contains("forged proof")));
    assertThat(nodes.get(0).submissions()).isEqualTo(1);
    assertThat(nodes.get(1).submissions()).isGreaterThan(1);
  }

  @Test
  void oneRefusalIsNotBelievedAndTwoAre() throws InterruptedException {
    QuorateClient client =
        client(Manner.REFUSING, Manner.CENSORING, Manner.CENSORING, Manner.REFUSING);

    Submission submission = client.submit(transaction(), LONG);

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Refused.class,
            refused -> {
              assertThat(refused.problem().isStaleNonce()).isTrue();
              assertThat(refused.by())
                  .extracting(NodeEndpoint::name)
                  .containsExactly("node0", "node3");
            });
  }

  @Test
  void whereNobodyAnswersTheClientDoesNotWaitForItsTimeout() throws InterruptedException {
    QuorateClient client = client(Manner.HONEST, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    nodes.forEach(StubNode::close);

    Submission submission = client.submit(transaction(), Duration.ofHours(1));

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Unproven.class, unproven -> assertThat(unproven.reached()).isFalse());
  }

  @Test
  void handingOverTellsAsManyNodesAsHoldACorrectOne() throws InterruptedException {
    QuorateClient client = client(Manner.REFUSING, Manner.HONEST, Manner.HONEST, Manner.HONEST);

    Submission submission = client.handOver(transaction(), LONG);

    assertThat(submission)
        .isInstanceOfSatisfying(
            Submission.Taken.class,
            taken ->
                assertThat(taken.by())
                    .extracting(NodeEndpoint::name)
                    .containsExactly("node1", "node2"));
  }

  @Test
  void submittingTheSameBytesAgainGivesTheSameProof() throws InterruptedException {
    QuorateClient client = client(Manner.HONEST, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    Transaction transaction = transaction();

    Submission first = client.submit(transaction, LONG);
    Submission second = client.submit(transaction, LONG);

    assertThat(second).isEqualTo(first);
    assertThat(chain.ledger().checkpoint().height()).isEqualTo(1);
  }

  @Test
  void aValueIsBelievedWhenTwoNodesTellItAlike() throws Exception {
    QuorateClient client = client(Manner.LYING, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    chain.execute(transaction());

    AgreedState state = client.state(KEY, LONG);

    assertThat(state.value()).contains(ByteString.utf8("1"));
    assertThat(state.by()).extracting(NodeEndpoint::name).containsExactly("node1", "node2");
  }

  @ParameterizedTest
  @EnumSource(
      value = Manner.class,
      names = {"LYING", "FOREIGN", "CENSORING", "BABBLING"})
  void proofOfTheStateIsOfTheFirstWhoseHolds(Manner manner) throws Exception {
    QuorateClient client = client(manner, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    chain.execute(transaction());
    other.execute(transaction());
    ByteString absent = ByteString.utf8("absent");

    ProvenState proven = client.stateProof(new TreeSet<>(List.of(KEY, absent)));
    StateProof proof = proven.proof();

    assertThat(proven.nodes()).isEqualTo(2);
    assertThat(proof.chainHash()).isEqualTo(chain.spec().chainHash());
    assertThat(proof.values())
        .containsExactly(
            Map.entry(absent, Optional.empty()), Map.entry(KEY, Optional.of(ByteString.utf8("1"))));
  }

  @Test
  void keysThatDoNotFitIntoARequestAreRefused() {
    QuorateClient client = client(Manner.HONEST);
    TreeSet<ByteString> keys = new TreeSet<>();
    for (int i = 0; i < 10; i++) {
      keys.add(ByteString.utf8(i + "k".repeat(250)));
    }
    assertThatThrownBy(() -> client.stateProof(keys))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fewer at a time");
  }

  @Test
  void proofOfTheStateThatDoesNotHoldIsNoAnswer() {
    QuorateClient client = client(Manner.LYING, Manner.LYING, Manner.CENSORING, Manner.BABBLING);
    chain.execute(transaction());

    assertThatThrownBy(() -> client.stateProof(new TreeSet<>(List.of(KEY))))
        .isInstanceOfSatisfying(
            NoAnswerException.class,
            e ->
                assertThat(e.reports())
                    .anyMatch(line -> line.contains("forged proof"))
                    .anyMatch(line -> line.contains("other keys")));
  }

  @Test
  void absenceIsAValueToo() throws Exception {
    QuorateClient client = client(Manner.LYING, Manner.HONEST, Manner.HONEST, Manner.HONEST);

    assertThat(client.state(KEY, LONG).value()).isEmpty();
  }

  @Test
  void aValueThatOneNodeTellsIsNotBelieved() {
    QuorateClient client = client(Manner.LYING, Manner.HONEST, Manner.BABBLING, Manner.BABBLING);

    assertThatThrownBy(() -> client.state(KEY, SHORT))
        .isInstanceOfSatisfying(
            NoAnswerException.class,
            e -> {
              assertThat(e.reached()).isTrue();
              assertThat(e.reports()).hasSize(4);
            });
  }

  @Test
  void nodesOfAnotherChainHaveNoSayInAValue() {
    QuorateClient client = client(Manner.FOREIGN, Manner.FOREIGN, Manner.FOREIGN, Manner.FOREIGN);

    assertThatThrownBy(() -> client.state(KEY, LONG))
        .isInstanceOfSatisfying(NoAnswerException.class, e -> assertThat(e.otherChain()).isTrue());
  }

  @Test
  void aBlockIsCheckedAndALiarsBlockPassedOver() throws Exception {
    QuorateClient client = client(Manner.LYING, Manner.FOREIGN, Manner.HONEST, Manner.HONEST);
    Transaction transaction = transaction();
    chain.execute(transaction);
    other.execute(transaction);

    VerifiedBlock block = client.block(1);

    assertThat(block.from().map(NodeEndpoint::name)).contains("node2");
    assertThat(block.transactions()).containsExactly(transaction.hash());
    assertThat(block.commit()).isPresent();
    assertThat(client.latestBlock().hash()).isEqualTo(block.hash());
  }

  @Test
  void theGenesisBlockNeedsNoNode() throws Exception {
    QuorateClient client = client(Manner.BABBLING);

    assertThat(client.block(0).hash()).isEqualTo(chain.spec().genesisBlock().hash());
  }

  @Test
  void aLookupTellsProvenFromPendingFromUnknown() throws Exception {
    QuorateClient client =
        client(Manner.CENSORING, Manner.CENSORING, Manner.CENSORING, Manner.CENSORING);
    Transaction transaction = transaction();

    assertThat(client.find(transaction.hash(), SHORT)).isInstanceOf(Lookup.Unknown.class);
    chain.execute(transaction);
    assertThat(client.find(transaction.hash(), SHORT)).isInstanceOf(Lookup.Pending.class);
    nodes.get(2).manner(Manner.HONEST);
    assertThat(client.find(transaction.hash(), SHORT)).isInstanceOf(Lookup.Proven.class);
  }

  @Test
  void oneLiarCannotUseUpTheNonces() throws Exception {
    QuorateClient client = client(Manner.LYING, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    Transaction transaction = transaction();
    chain.execute(transaction);

    assertThat(client.highestNonce(ALICE.publicKey())).isEqualTo(transaction.nonce());
  }

  @Test
  void aNodeIsFoundByItsReplica() {
    QuorateClient client = client(Manner.HONEST, Manner.HONEST);

    assertThat(client.node(new ReplicaId(1)).map(node -> node.node().name()))
        .isEqualTo(Optional.of("node1"));
  }
}
