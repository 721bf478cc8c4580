package org.quorate.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.Vote;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.mempool.TestChain;

final class EvidenceRoutesTest {
  private final TestNode node = new TestNode();
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

  private SignedStatement vote(int signer, Digest block) {
    Vote vote = new Vote(Phase.PREPARE, 0, new BlockId(1, block));
    return new SignedStatement(
        new ReplicaId(signer),
        TestChain.VALIDATORS.get(signer).sign(vote.signedBytes(node.chain.chainHash())),
        vote);
  }

  private Contradiction store(int signer) throws IOException {
    Contradiction proof =
        Contradiction.of(
            node.chain.chainHash(),
            vote(signer, Digest.ZERO),
            vote(signer, node.chain.chainHash()));
    assertThat(node.evidence().claim(proof)).isTrue();
    node.evidence().write(proof);
    return proof;
  }

  @Test
  void aNodeThatHasSeenNothingListsNothing() {
    assertThat(client.get("/api/v1/evidence").text())
        .isEqualTo("{\"total\":0,\"evidence\":[],\"next\":null}");
  }

  @Test
  void evidenceIsListedByPages() throws IOException {
    store(0);
    store(1);
    store(2);
    JsonNode first = client.get("/api/v1/evidence?limit=2").json();
    assertThat(first.get("total").intValue()).isEqualTo(3);
    assertThat(first.get("evidence")).hasSize(2);
    assertThat(first.at("/evidence/1/id").textValue())
        .isEqualTo(first.get("next").textValue())
        .isEqualTo("prepare-view-0-height-1-replica-1");
    assertThat(first.at("/evidence/1/validators/0").textValue()).isEqualTo("node1");
    JsonNode rest =
        client.get("/api/v1/evidence?limit=1&after=" + first.get("next").textValue()).json();
    assertThat(rest.at("/evidence/0/kind").textValue()).isEqualTo("prepare");
    assertThat(rest.at("/evidence/0/validators/0").textValue()).isEqualTo("node2");
    assertThat(rest.get("next").isNull()).isTrue();
  }

  @Test
  void theDocumentIsGivenAsItIsStored() throws Exception {
    Contradiction proof = store(2);
    ApiClient.Reply reply = client.get("/api/v1/evidence/" + proof.name());
    assertThat(reply.mediaType()).isEqualTo("application/json");
    assertThat(reply.response().body()).isEqualTo(EvidenceJson.write(proof));
  }

  @Test
  void unknownEvidenceIsNotFound() {
    assertThat(client.get("/api/v1/evidence/fork-height-1").problem()).isEqualTo("not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/..%2f..%2fCHAIN", "/A", "?after=A", "?limit=0", "?limit=101", "?x=1"})
  void whatIsNoIdOrPageIsRefused(String request) {
    assertThat(client.get("/api/v1/evidence" + request).problem()).isEqualTo("malformed-parameter");
  }
}
