package org.quorate.node.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.quorate.node.mempool.TestChain.ALICE;
import static org.quorate.node.mempool.TestChain.BOB;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.Table;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeLimits;

/** What the API answers to good requests, over real sockets. */
final class HttpApiTest {
  private static final int WAITERS_MAX = 3;

  private final TestNode node = new TestNode();
  private final NodeMetrics metrics = new NodeMetrics();
  private final HttpApi api =
      new HttpApi(node, node.feed, metrics, HttpLimits.DEFAULTS, WAITERS_MAX);
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    api.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = new ApiClient(api.address());
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private CompletableFuture<ApiClient.Reply> submitAndWait(Transaction transaction, int millis) {
    return client.postLater(
        "/api/v1/transactions?wait=executed&timeout_ms=" + millis,
        ApiClient.body(transaction.encoded()));
  }

  @Test
  void aTransactionIsPendingThenExecutedAndTheSameBytesGetTheSameAnswer() {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    String path = "/api/v1/transactions/" + transaction.hash();
    assertThat(client.get(path).problem()).isEqualTo("not-found");
    for (int i = 0; i < 2; i++) {
      ApiClient.Reply reply = client.submit(transaction);
      assertThat(reply.status()).isEqualTo(202);
      assertThat(reply.text())
          .isEqualTo("{\"hash\":\"" + transaction.hash() + "\",\"status\":\"pending\"}");
    }
    assertThat(client.get(path).json().get("status").textValue()).isEqualTo("pending");
    node.order();
    String executed =
        "{\"hash\":\""
            + transaction.hash()
            + "\",\"status\":\"executed\",\"height\":1,\"index\":0,"
            + "\"outcome\":\"executed\",\"operation\":0}";
    assertThat(client.get(path).text()).isEqualTo(executed);
    ApiClient.Reply again = client.submit(transaction);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.text()).isEqualTo(executed);
    assertThat(submitAndWait(transaction, 1_000).join().text()).isEqualTo(executed);
  }

  @Test
  void aFailedTransactionTellsWhichOperation() {
    Transaction transaction =
        Transaction.sign(
            ALICE,
            node.chain.chainHash(),
            1,
            List.of(
                new Operation.Put(ByteString.utf8("key"), ByteString.utf8("value")),
                new Operation.Add(ByteString.utf8("count"), -1)));
    client.submit(transaction);
    node.order();
    JsonNode json = client.get("/api/v1/transactions/" + transaction.hash()).json();
    assertThat(json.get("outcome").textValue()).isEqualTo("below_zero");
    assertThat(json.get("operation").intValue()).isEqualTo(1);
  }

  @Test
  void whoWaitsIsAnsweredWhenItIsExecuted() {
    var waiting = submitAndWait(node.chain.transaction(ALICE, 1), 20_000);
    await().until(() -> api.waiting() == 1);
    assertThat(waiting).isNotDone();
    node.order();
    ApiClient.Reply reply = waiting.join();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("height").intValue()).isEqualTo(1);
    await().until(() -> api.waiting() == 0);
  }

  @Test
  void whoWaitsTooLongIsToldThatItIsStillPending() {
    ApiClient.Reply reply = submitAndWait(node.chain.transaction(ALICE, 1), 50).join();
    assertThat(reply.status()).isEqualTo(504);
    assertThat(reply.problem()).isEqualTo("still-pending");
    assertThat(node.mempool.size()).isEqualTo(1);
    await().until(() -> api.waiting() == 0);
  }

  @Test
  void whoWaitsForWhatAnotherNonceDroveOutIsToldSo() {
    var waiting = submitAndWait(node.chain.put(ALICE, 1, "key", "here"), 300);
    await().until(() -> api.waiting() == 1);
    node.order(List.of(node.chain.put(ALICE, 1, "key", "elsewhere")));
    assertThat(waiting.join().problem()).isEqualTo("nonce-repeated");
  }

  @Test
  void noMoreRequestsWaitThanMay() {
    List<CompletableFuture<ApiClient.Reply>> waiting =
        node.chain.transactions(ALICE, 1, WAITERS_MAX).stream()
            .map(one -> submitAndWait(one, 20_000))
            .toList();
    await().until(() -> api.waiting() == WAITERS_MAX);
    ApiClient.Reply oneTooMany = submitAndWait(node.chain.transaction(BOB, 1), 20_000).join();
    assertThat(oneTooMany.problem()).isEqualTo("still-pending");
    node.order();
    waiting.forEach(each -> assertThat(each.join().status()).isEqualTo(200));
    assertThat(client.submit(node.chain.transaction(BOB, 1)).status()).isEqualTo(200);
  }

  @Test
  void aBatchIsAnsweredInItsOrder() {
    List<Transaction> transactions = node.chain.transactions(ALICE, 1, 300);
    client.submitBatch(transactions.subList(0, 2));
    node.order();
    JsonNode results = client.submitBatch(transactions).json().get("results");
    assertThat(results).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(results.get(i).get("hash").textValue())
          .isEqualTo(transactions.get(i).hash().hex());
      assertThat(results.get(i).get("status").textValue())
          .isEqualTo(i < 2 ? "executed" : "pending");
    }
    assertThat(client.post("/api/v1/transactions/batch", "{\"transactions\":[]}").text())
        .isEqualTo("{\"results\":[]}");
  }

  @Test
  void aProofHoldsBeforeALightClient() throws Exception {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    String path = "/api/v1/transactions/" + transaction.hash() + "/proof";
    assertThat(client.get(path).problem()).isEqualTo("not-found");
    client.submit(transaction);
    assertThat(client.get(path).problem()).isEqualTo("still-pending");
    node.order();
    assertThat(client.get(path).status()).isEqualTo(504);
    node.certify();
    ApiClient.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(200);
    var proof = ProofJson.read(reply.response().body());
    assertThat(proof.transaction()).isEqualTo(transaction);
    assertThat(new LightClient(node.chain(), SignatureVerifier.ED25519).check(proof).isValid())
        .isTrue();
  }

  @Test
  void whoWaitsForAProofIsAnsweredWhenTheCertificateIsThere() {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    var waiting =
        client.getLater("/api/v1/transactions/" + transaction.hash() + "/proof?wait_ms=20000");
    await().until(() -> api.waiting() == 1); // for the execution of what was not even submitted
    client.submit(transaction);
    node.order();
    await().until(() -> api.waiting() == 1);
    assertThat(waiting).isNotDone();
    node.certify();
    assertThat(waiting.join().status()).isEqualTo(200);
    await().until(() -> api.waiting() == 0);
  }

  @Test
  void whoWaitsForAProofInVainIsToldWhatIsMissing() {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    String path = "/api/v1/transactions/" + transaction.hash() + "/proof?wait_ms=30";
    assertThat(client.get(path).status()).isEqualTo(404);
    client.submit(transaction);
    assertThat(client.get(path).status()).isEqualTo(504);
    node.order();
    assertThat(client.get(path).status()).isEqualTo(504);
  }

  @Test
  void aBlockIsGivenByHeightAndTheLatest() throws Exception {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    CommittedBlock block = node.order(List.of(transaction));
    JsonNode json = client.get("/api/v1/blocks/1").json();
    assertThat(client.get("/api/v1/blocks/latest").json()).isEqualTo(json);
    assertThat(json.get("block_hash").textValue()).isEqualTo(block.block().hash().hex());
    assertThat(json.get("proposer").textValue()).isEqualTo("node0");
    assertThat(json.get("transactions")).hasSize(1);
    assertThat(json.get("transactions").get(0).textValue()).isEqualTo(transaction.hash().hex());
    assertThat(Decoder.decode(Hex.decode(json.get("header").textValue()), BlockHeader::decode))
        .isEqualTo(block.block().header());
    assertThat(client.get("/api/v1/blocks/0").json().get("block_hash").textValue())
        .isEqualTo(node.chain().genesisBlock().hash().hex());
    assertThat(client.get("/api/v1/blocks/2").problem()).isEqualTo("not-found");
    for (String height : List.of("-1", "01", "x", "9223372036854775808", "1e1")) {
      assertThat(client.get("/api/v1/blocks/" + height).problem()).isEqualTo("malformed-parameter");
    }
  }

  @Test
  void theCertificatesOfABlockAreGiven() throws Exception {
    CommittedBlock block = node.order(List.of(node.chain.transaction(ALICE, 1)));
    JsonNode before = client.get("/api/v1/blocks/1/certificate").json();
    assertThat(before.get("checkpoint_certificate").isNull()).isTrue();
    assertThat(before.get("signers")).hasSize(3);
    CheckpointCertificate certificate = node.certify();
    JsonNode json = client.get("/api/v1/blocks/latest/certificate").json();
    assertThat(
            Decoder.decode(
                Hex.decode(json.get("commit_certificate").textValue()), QuorumCertificate::decode))
        .isEqualTo(block.commit());
    assertThat(json.get("checkpoint_certificate").textValue())
        .isEqualTo(Hex.encode(certificate.encoded()));
    assertThat(json.get("state_root").textValue())
        .isEqualTo(certificate.checkpoint().stateRoot().hex());
    assertThat(client.get("/api/v1/blocks/0/certificate").status()).isEqualTo(404);
  }

  private static BlockHeader header(JsonNode hex) throws Exception {
    return Decoder.decode(Hex.decode(hex.textValue()), BlockHeader::decode);
  }

  private void damage(byte[] key) {
    assertThat(node.store.get(key)).isPresent();
    node.store.write(new Batch().put(key, new byte[] {1}), true);
  }

  private void assertDamaged(String path, long height, String detail) {
    node.damaged.clear();
    ApiClient.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("damaged");
    assertThat(reply.text()).contains(detail, "ask another node");
    assertThat(reply.header("Retry-After")).isEmpty();
    assertThat(node.damaged).containsExactly(height);
  }

  @Test
  void whatIsDamagedIsReportedAndNotHandedOut() {
    for (int i = 1; i <= 3; i++) {
      node.order(List.of(node.chain.transaction(ALICE, i)));
      node.certify();
    }
    String fetched = "block 2 cannot be read and is being fetched";
    String transactions = "/api/v1/transactions/";
    String second = transactions + node.chain.transaction(ALICE, 2).hash();
    damage(Table.RECEIPTS.key(2));
    assertDamaged(second + "/proof", 2, fetched);
    assertDamaged(second + "/proof?wait_ms=10000", 2, fetched);
    damage(Table.CERTIFICATE.key(2));
    assertDamaged("/api/v1/blocks/2/certificate", 2, fetched);
    assertDamaged("/api/v1/headers?from=1&to=2", 2, fetched);
    assertThat(client.get("/api/v1/headers?from=1&to=3").status()).isEqualTo(200);
    damage(Table.HEADER.key(2));
    assertDamaged("/api/v1/headers?from=1&to=3", 2, fetched);
    assertDamaged("/api/v1/blocks/2/certificate", 2, fetched);
    assertThat(client.get(second).status()).isEqualTo(200);
    damage(Table.TRANSACTIONS.key(3));
    assertDamaged("/api/v1/blocks/latest", 3, "block 3 cannot be read and is being fetched");
    damage(Table.TRANSACTIONS.key(1));
    assertDamaged("/api/v1/blocks/1", 1, "block 1 cannot be read; ask another node");
  }

  @Test
  void damageThatTellsNoHeightIsReportedWithoutOne() {
    Transaction transaction = node.chain.transaction(ALICE, 1);
    node.order(List.of(transaction));
    damage(Table.TRANSACTION.key(transaction.hash().bytes()));
    String path = "/api/v1/transactions/" + transaction.hash();
    assertDamaged(path, -1, "cannot be read");
    assertDamaged(path + "/proof", -1, "cannot be read");
    assertThat(client.submit(transaction).problem()).isEqualTo("damaged");
  }

  @Test
  void headersComeInARowWithTheCertificatesOfTheLast() throws Exception {
    List<CommittedBlock> blocks = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      blocks.add(node.order(List.of(node.chain.transaction(ALICE, i))));
    }
    JsonNode all = client.get("/api/v1/headers?from=1").json();
    assertThat(all.get("headers")).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(header(all.get("headers").get(i))).isEqualTo(blocks.get(i).block().header());
    }
    assertThat(all.get("commit").textValue())
        .isEqualTo(Hex.encode(blocks.get(3).commit().encoded()));
    assertThat(all.has("checkpoint")).isFalse();
    assertThat(client.get("/api/v1/headers?from=1&to=latest").json()).isEqualTo(all);
    assertThat(client.get("/api/v1/headers?from=1&to=9").json()).isEqualTo(all);

    CheckpointCertificate certificate = node.certify();
    JsonNode last = client.get("/api/v1/headers?from=4&to=9223372036854775807").json();
    assertThat(last.get("headers")).hasSize(1);
    assertThat(last.get("checkpoint").textValue()).isEqualTo(Hex.encode(certificate.encoded()));

    JsonNode middle = client.get("/api/v1/headers?from=2&to=3").json();
    assertThat(middle.get("headers")).hasSize(2);
    assertThat(header(middle.get("headers").get(0))).isEqualTo(blocks.get(1).block().header());
    assertThat(middle.get("commit").textValue())
        .isEqualTo(Hex.encode(blocks.get(2).commit().encoded()));
    assertThat(client.get("/api/v1/headers?from=5").problem()).isEqualTo("not-found");
  }

  @Test
  void noMoreHeadersComeThanAnAnswerHasRoomFor() throws Exception {
    int blocks = NodeLimits.BLOCK_HEADERS_MAX + 3;
    for (int i = 1; i <= blocks; i++) {
      node.order(List.of(node.chain.transaction(ALICE, i)));
    }
    JsonNode first = client.get("/api/v1/headers?from=1").json().get("headers");
    assertThat(first).hasSize(NodeLimits.BLOCK_HEADERS_MAX);
    assertThat(client.get("/api/v1/headers?from=1&to=" + blocks).json().get("headers"))
        .isEqualTo(first);
    assertThat(header(first.get(first.size() - 1)).height())
        .isEqualTo(NodeLimits.BLOCK_HEADERS_MAX);
    assertThat(client.get("/api/v1/headers?from=513").json().get("headers")).hasSize(3);
  }

  @Test
  void headersOfNoProperRangeAreRefused() {
    node.order(List.of(node.chain.transaction(ALICE, 1)));
    for (String query :
        List.of(
            "",
            "?to=1",
            "?from=0",
            "?from=latest",
            "?from=-1",
            "?from=01",
            "?from=2&to=1",
            "?from=1&to=0",
            "?from=1&to=",
            "?from=1&to=x",
            "?from=9223372036854775808",
            "?from=1&from=1",
            "?from=1&count=1")) {
      assertThat(client.get("/api/v1/headers" + query).problem())
          .as(query)
          .isEqualTo("malformed-parameter");
    }
  }

  @Test
  void theStateIsReadByTextAndByHex() {
    node.order(List.of(node.chain.put(ALICE, 1, "grüße/an alle?", "wörter")));
    for (String path :
        List.of(
            "gr%C3%BC%C3%9Fe%2Fan%20alle%3F",
            "gr%C3%BC%C3%9Fe/an%20alle%3f",
            ByteString.utf8("grüße/an alle?").hex() + "?encoding=hex")) {
      JsonNode json = client.get("/api/v1/state/" + path).json();
      assertThat(json.get("value").textValue()).isEqualTo("wörter");
      assertThat(json.get("value_hex").textValue()).isEqualTo(ByteString.utf8("wörter").hex());
      assertThat(json.get("height").intValue()).isEqualTo(1);
    }
    assertThat(client.get("/api/v1/state/absent").problem()).isEqualTo("not-found");
    assertThat(client.get("/api/v1/state/0g?encoding=hex").problem()).isEqualTo("malformed-hex");
    assertThat(client.get("/api/v1/state/%FF").problem()).isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state/a?encoding=base64").problem())
        .isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state/" + "a".repeat(257)).problem())
        .isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state/").problem()).isEqualTo("not-found");
  }

  @Test
  void theStateIsProvenAfterTheLastBlockWhoseResultIs() throws Exception {
    assertThat(client.get("/api/v1/state/k?proof=true").problem()).isEqualTo("not-ready");
    node.order(List.of(node.chain.put(ALICE, 1, "k", "1")));
    node.certify();
    node.order(List.of(node.chain.put(ALICE, 2, "k", "2")));
    LightClient light = new LightClient(node.chain(), SignatureVerifier.ED25519);
    ByteString k = ByteString.utf8("k");
    ByteString absent = ByteString.utf8("absent");

    StateProof one =
        StateProofJson.read(client.get("/api/v1/state/k?proof=true").response().body());
    StateProof none =
        StateProofJson.read(client.get("/api/v1/state/absent?proof=true").response().body());
    StateProof both =
        StateProofJson.read(client.get("/api/v1/state?keys=" + k + "," + absent).response().body());

    assertThat(light.check(one).isValid()).isTrue();
    assertThat(one.values()).isEqualTo(Map.of(k, Optional.of(ByteString.utf8("1"))));
    assertThat(light.check(none).isValid()).isTrue();
    assertThat(none.values()).isEqualTo(Map.of(absent, Optional.empty()));
    assertThat(light.check(both).isValid()).isTrue();
    assertThat(both.values()).hasSize(2);
    node.certify();
    StateProof later =
        StateProofJson.read(client.get("/api/v1/state/k?proof=true").response().body());
    assertThat(later.values()).isEqualTo(Map.of(k, Optional.of(ByteString.utf8("2"))));
  }

  @Test
  void whatCannotBeProvenIsRefusedByName() {
    assertThat(client.get("/api/v1/state/k?proof=yes").problem()).isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state").problem()).isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state?keys=").problem()).isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state?keys=6b,").problem()).isEqualTo("malformed-parameter");
    assertThat(client.get("/api/v1/state?keys=6B").problem()).isEqualTo("malformed-hex");
    assertThat(client.get("/api/v1/state?keys=6b" + ",6b".repeat(64)).problem())
        .isEqualTo("malformed-parameter");
  }

  @Test
  void aValueThatIsNoTextIsGivenAsHexAlone() {
    Transaction transaction =
        Transaction.sign(
            ALICE,
            node.chain.chainHash(),
            1,
            List.of(
                new Operation.Put(ByteString.of(new byte[] {-1}), ByteString.of(new byte[] {-2}))));
    node.order(List.of(transaction));
    JsonNode json = client.get("/api/v1/state/ff?encoding=hex").json();
    assertThat(json.get("value").isNull()).isTrue();
    assertThat(json.get("value_hex").textValue()).isEqualTo("fe");
    assertThat(json.get("key").textValue()).isEqualTo("ff");
  }

  @Test
  void statusValidatorsAndClientsAreTold() {
    node.order(List.of(node.chain.transaction(ALICE, 7)));
    JsonNode status = client.get("/api/v1/status").json();
    assertThat(status.get("chain_hash").textValue()).isEqualTo(node.chain.chainHash().hex());
    assertThat(status.get("name").textValue()).isEqualTo("node2");
    assertThat(status.get("primary").textValue()).isEqualTo("node1");
    assertThat(status.get("height").intValue()).isEqualTo(1);
    assertThat(status.get("ready").booleanValue()).isTrue();
    JsonNode validators = client.get("/api/v1/validators").json();
    assertThat(validators.get("quorum").intValue()).isEqualTo(3);
    assertThat(validators.get("validators")).hasSize(4);
    assertThat(validators.at("/validators/1/primary").booleanValue()).isTrue();
    assertThat(validators.at("/validators/3/api_address").textValue()).isEqualTo("127.0.0.1:9204");
    JsonNode alice = client.get("/api/v1/clients/" + ALICE.publicKey()).json();
    assertThat(alice.get("name").textValue()).isEqualTo("alice");
    assertThat(alice.get("highest_nonce").intValue()).isEqualTo(7);
    assertThat(client.get("/api/v1/clients/" + "0".repeat(64)).problem()).isEqualTo("not-found");
    assertThat(client.get("/api/v1/clients/alice").problem()).isEqualTo("malformed-hex");
  }

  @Test
  void aliveIsNotReady() {
    assertThat(client.get("/ready").status()).isEqualTo(200);
    node.notReady("catching up from height 5 to 900");
    assertThat(client.get("/health").status()).isEqualTo(200);
    ApiClient.Reply reply = client.get("/ready");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("not-ready");
    assertThat(reply.text()).contains("catching up from height 5 to 900");
  }

  @Test
  void blockEventsAreStreamed() throws Exception {
    var response = client.lines("/api/v1/events/blocks").get(20, SECONDS);
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    await().until(() -> api.openStreams() == 1);
    List<Transaction> transactions = node.chain.transactions(ALICE, 1, 2);
    CommittedBlock block = node.order(transactions);
    CheckpointCertificate certificate = node.certify();
    Iterator<String> lines = response.body().iterator();
    assertThat(lines.next()).isEqualTo(": open");
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEqualTo("event: block");
    assertThat(lines.next()).isEqualTo("id: 1");
    assertThat(lines.next())
        .isEqualTo(
            "data: {\"height\":1,\"block_hash\":\""
                + block.block().hash()
                + "\",\"view\":0,\"receipts_root\":\""
                + certificate.checkpoint().receiptsRoot()
                + "\",\"state_root\":\""
                + certificate.checkpoint().stateRoot()
                + "\",\"transactions\":[\""
                + transactions.get(0).hash()
                + "\",\""
                + transactions.get(1).hash()
                + "\"],\"outcomes\":[\"executed\",\"executed\"]}");
    assertThat(lines.next()).isEmpty();
    assertThat(lines.next()).isEqualTo("event: checkpoint");
    assertThat(lines.next()).isEqualTo("id: 1");
    assertThat(lines.next()).contains(Hex.encode(certificate.encoded()));
    response.body().close();
  }

  @Test
  void aStreamThatIsLeftIsForgotten() throws Exception {
    try (RawConnection connection = new RawConnection(api.address())) {
      connection.write("GET /api/v1/events/blocks HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> api.openStreams() == 1);
    }
    await().until(() -> api.openStreams() == 0);
    assertThat(api.server().connections()).isZero();
  }

  @Test
  void aStreamThatIsNotReadIsCutOffAndTheOthersGoOn() throws Exception {
    List<Transaction> transactions = node.chain.transactions(ALICE, 1, 1_000);
    CommittedBlock block = node.order(transactions);
    ExecutedBlock event =
        new ExecutedBlock(
            block,
            node.ledger().checkpoint(),
            transactions.stream()
                .map(
                    one ->
                        new org.quorate.ledger.chain.Receipt(
                            one.hash(), org.quorate.ledger.chain.Receipt.Outcome.EXECUTED, 0))
                .toList());
    try (RawConnection lazy = new RawConnection(api.address())) {
      lazy.write("GET /api/v1/events/blocks HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> api.openStreams() == 1);
      await()
          .pollInSameThread()
          .until(
              () -> {
                for (int i = 0; i < 20; i++) { // more than two megabytes
                  node.feed.executed(event);
                }
                return api.openStreams() == 0;
              });
    }
    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  @Test
  void answersAreCountedByRouteAndRefusalsByReason() {
    client.get("/api/v1/blocks/17");
    client.submit(node.chain.put(BOB, 1, "alice/", ""));
    String scrape = metrics.scrape();
    assertThat(scrape)
        .contains("route=\"/api/v1/blocks/{height}\",status=\"404\"")
        .contains("reason=\"forbidden-prefix\"");
  }

  @Test
  void metricsAreServedOnTheirOwnPort() throws IOException {
    try (MetricsServer server = new MetricsServer(metrics)) {
      server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ApiClient scraper = new ApiClient(server.address());
      ApiClient.Reply reply = scraper.get("/metrics");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.mediaType()).startsWith("text/plain; version=0.0.4");
      assertThat(reply.text()).contains("quorate_height");
      assertThat(scraper.get("/").status()).isEqualTo(404);
      assertThat(scraper.post("/metrics", "{}").status()).isEqualTo(413);
    }
    assertThat(client.get("/metrics").status()).isEqualTo(404);
  }
}
