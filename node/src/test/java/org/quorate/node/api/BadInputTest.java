package org.quorate.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.node.mempool.TestChain.ALICE;
import static org.quorate.node.mempool.TestChain.BOB;
import static org.quorate.node.mempool.TestChain.CAROL;
import static org.quorate.node.mempool.TestChain.MALLORY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.NodeLimits;
import org.quorate.node.mempool.MempoolLimits;
import org.quorate.node.mempool.TestChain;

/**
 * Every way to submit something bad: its own problem, nothing stored, and the node goes on. Over
 * real sockets.
 */
final class BadInputTest {
  private static final String SUBMIT = "/api/v1/transactions";

  private final TestNode node = new TestNode(new MempoolLimits(4, 1 << 20, 3, 1 << 20));
  private final HttpApi api = new HttpApi(node, node.feed, new NodeMetrics());
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

  /** The status and problem are as expected, nothing is stored, and the node goes on. */
  private void isRefused(ApiClient.Reply reply, int status, String slug) {
    int before = node.mempool.size();
    assertThat(reply.problem()).isEqualTo(slug);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(node.mempool.size()).isEqualTo(before).isZero();
    goesOn();
  }

  private void goesOn() {
    assertThat(client.submit(node.chain.transaction(CAROL, 99)).status()).isEqualTo(202);
    node.order();
    assertThat(client.submit(node.chain.transaction(CAROL, 99)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"00\"",
        "{\"transaction\":}",
        "{\"transaction\":\"00\"",
        "{\"transaction\":\"00\"} {}",
        "{\"transaction\":\"00\"}x",
        "{\"transaction\":\"00\",\"transaction\":\"00\"}",
        "{\"transaction\":5}",
        "{\"transaction\":null}",
        "{\"transaction\":{\"a\":{\"b\":{\"c\":{\"d\":{}}}}}}",
        "{'transaction':'00'}",
        "{\"transaction\":\"00\",}",
        "{\"transaction\":\"\u0001\"}",
        "{\"transaction\":\"00\"} // comment"
      })
  void malformedJson(String body) {
    isRefused(client.post(SUBMIT, body), 400, "malformed-json");
  }

  @Test
  void bytesThatAreNotUtf8AreMalformedJson() {
    byte[] body = "{\"transaction\":\"00\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    body[16] = (byte) 0xff;
    isRefused(
        client
            .send(
                client
                    .request(SUBMIT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build())
            .join(),
        400,
        "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tx\":\"00\"}",
        "{\"transaction\":\"00\",\"note\":\"\"}",
        "{\"Transaction\":1}"
      })
  void unknownFields(String body) {
    isRefused(client.post(SUBMIT, body), 400, "unknown-field");
  }

  @Test
  void aMissingField() {
    isRefused(client.post(SUBMIT, "{}"), 400, "missing-field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0g", "AB", "0x00", " 00", "é0"})
  void malformedHex(String hex) {
    isRefused(client.post(SUBMIT, "{\"transaction\":\"" + hex + "\"}"), 400, "malformed-hex");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "01020304"})
  void bytesThatAreNoTransaction(String hex) {
    isRefused(
        client.post(SUBMIT, "{\"transaction\":\"" + hex + "\"}"), 400, "malformed-transaction");
  }

  @ParameterizedTest
  @CsvSource({"-1", "1"})
  void aSignatureOfAnotherLengthThan64Bytes(int more) {
    byte[] encoded = node.chain.transaction(ALICE, 1).encoded();
    byte[] cut = Arrays.copyOf(encoded, encoded.length + more);
    isRefused(client.post(SUBMIT, ApiClient.body(cut)), 400, "malformed-transaction");
  }

  @Test
  void aBadSignature() {
    byte[] encoded = node.chain.transaction(ALICE, 1).encoded();
    encoded[encoded.length - 1] ^= 1;
    isRefused(client.post(SUBMIT, ApiClient.body(encoded)), 400, "bad-signature");
  }

  @Test
  void anotherChain() {
    TestChain other = new TestChain("other", ChainParameters.DEFAULTS);
    isRefused(client.submit(other.transaction(ALICE, 1)), 400, "wrong-chain");
  }

  @Test
  void anUnknownClient() {
    isRefused(client.submit(node.chain.transaction(MALLORY, 1)), 403, "unknown-client");
  }

  @Test
  void aForbiddenPrefix() {
    isRefused(client.submit(node.chain.put(BOB, 1, "alice/1", "x")), 403, "forbidden-prefix");
  }

  @Test
  void aRepeatedNonce() {
    node.order(List.of(node.chain.put(ALICE, 1, "key", "one")));
    isRefused(client.submit(node.chain.put(ALICE, 1, "key", "two")), 409, "nonce-repeated");
  }

  @Test
  void aStaleNonce() {
    node.order(List.of(node.chain.transaction(ALICE, 5_000)));
    isRefused(client.submit(node.chain.transaction(ALICE, 1)), 409, "nonce-too-old");
  }

  @Test
  void aTransactionBeyondTheChainsSize() {
    ByteString data = ByteString.of(new byte[Operation.VALUE_BYTES_MAX]);
    Operation.Data operation = new Operation.Data(data);
    Transaction large =
        Transaction.sign(
            ALICE, node.chain.chainHash(), 1, List.of(operation, operation, operation));
    isRefused(client.submit(large), 413, "transaction-too-large");
  }

  @Test
  void aBodyBeyondTheLimit() {
    String body = "{\"transaction\":\"" + "0".repeat(NodeLimits.HTTP_BODY_BYTES_MAX) + "\"}";
    isRefused(client.post(SUBMIT, body), 413, "body-too-large");
  }

  @Test
  void aChunkedBodyBeyondTheLimit() {
    byte[] body = new byte[NodeLimits.HTTP_BODY_BYTES_MAX + 1];
    isRefused(
        client
            .send(
                client
                    .request(SUBMIT)
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofInputStream(
                            () -> new java.io.ByteArrayInputStream(body)))
                    .build())
            .join(),
        413,
        "body-too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/json-patch+json", "application/cbor"})
  void anotherMediaType(String type) {
    isRefused(
        client
            .send(
                client
                    .request(SUBMIT)
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build())
            .join(),
        415,
        "unsupported-media-type");
  }

  @Test
  void aCompressedBody() {
    isRefused(
        client
            .send(
                client
                    .request(SUBMIT)
                    .header("Content-Type", "application/json; charset=utf-8")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build())
            .join(),
        415,
        "unsupported-media-type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?wait=finished",
        "?wait=executed&timeout_ms=0",
        "?wait=executed&timeout_ms=60001",
        "?wait=executed&timeout_ms=1e3",
        "?timeout_ms=5",
        "?wait=executed&wait=executed",
        "?wiat=executed",
        "?wait=%zz"
      })
  void malformedParameters(String query) {
    String body = ApiClient.body(node.chain.transaction(ALICE, 1).encoded());
    String escaped = query.replace("%zz", "%25%7a");
    isRefused(client.post(SUBMIT + escaped, body), 400, "malformed-parameter");
  }

  @Test
  void aClientBeyondItsQuotaIsToldToWait() {
    node.chain
        .transactions(ALICE, 1, 3)
        .forEach(one -> assertThat(client.submit(one).status()).isEqualTo(202));
    ApiClient.Reply reply = client.submit(node.chain.transaction(ALICE, 4));
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.problem()).isEqualTo("client-quota");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(node.mempool.size()).isEqualTo(3);
    assertThat(client.submit(node.chain.transaction(BOB, 1)).status()).isEqualTo(202);
  }

  @Test
  void aFullMempoolIsTheNodesFaultAndPasses() {
    node.chain
        .transactions(ALICE, 1, 3)
        .forEach(one -> assertThat(client.submit(one).status()).isEqualTo(202));
    assertThat(client.submit(node.chain.transaction(BOB, 1)).status()).isEqualTo(202);
    ApiClient.Reply reply = client.submit(node.chain.transaction(CAROL, 1));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.problem()).isEqualTo("mempool-full");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(node.mempool.size()).isEqualTo(4);
    node.order();
    goesOn();
  }

  @Test
  void aFaultOfTheNodeIsTold500WithAnIdAndNothingElse() {
    node.breakWith(new IllegalStateException("a secret of the node"));
    for (ApiClient.Reply reply :
        List.of(client.submit(node.chain.transaction(ALICE, 1)), client.get("/api/v1/status"))) {
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.problem()).isEqualTo("internal");
      assertThat(reply.json().get("detail").textValue()).matches(".* id [0-9a-f-]{36}");
      assertThat(reply.text()).doesNotContain("secret", "Exception", "at org.");
    }
    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  @Test
  void inABatchEachBadElementHasItsOwnProblem() {
    String good = org.quorate.ledger.crypto.Hex.encode(node.chain.transaction(ALICE, 1).encoded());
    ApiClient.Reply reply =
        client.post(
            "/api/v1/transactions/batch",
            "{\"transactions\":[\"zz\",\"" + good + "\",\"00\",\"" + good + "\"]}");
    assertThat(reply.status()).isEqualTo(200);
    var results = reply.json().get("results");
    assertThat(results).hasSize(4);
    assertThat(results.get(0).at("/problem/type").textValue()).endsWith(":malformed-hex");
    assertThat(results.get(1).get("status").textValue()).isEqualTo("pending");
    assertThat(results.get(2).at("/problem/type").textValue()).endsWith(":malformed-transaction");
    assertThat(results.get(2).at("/problem/status").intValue()).isEqualTo(400);
    assertThat(results.get(3)).isEqualTo(results.get(1));
    assertThat(node.mempool.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"transactions\":\"00\"} | malformed-json",
        "{\"transactions\":[5]} | malformed-json",
        "{\"transactions\":[\"00\" | malformed-json",
        "{\"transactions\":[[\"00\"]]} | malformed-json",
        "{\"transactions\":[],\"transactions\":[]} | malformed-json",
        "{\"transaction\":\"00\"} | unknown-field",
        "{} | missing-field"
      })
  void aBatchThatIsNotOne(String body, String slug) {
    isRefused(client.post("/api/v1/transactions/batch", body), 400, slug);
  }

  @Test
  void aBatchOfTooMany() {
    String elements = "\"00\",".repeat(NodeLimits.SUBMISSION_TRANSACTIONS_MAX) + "\"00\"";
    isRefused(
        client.post("/api/v1/transactions/batch", "{\"transactions\":[" + elements + "]}"),
        413,
        "body-too-large");
  }
}
