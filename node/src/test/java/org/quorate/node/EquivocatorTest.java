package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.Finding;
import org.quorate.node.peer.PeerMetrics;
import org.quorate.node.peer.PeerNetwork;

/** A validator that speaks to a real node over a real link, and lies. */
class EquivocatorTest {
  private static final ReplicaId LIAR = new ReplicaId(3);
  private static final String ID = "commit-view-0-height-1-replica-3";

  @TempDir private Path folder;

  private static final class Deaf implements PeerNetwork.Listener {
    @Override
    public void connected(ReplicaId peer) {}

    @Override
    public void disconnected(ReplicaId peer) {}

    @Override
    public void received(ReplicaId from, byte[] payload) {}
  }

  @Test
  void equivocationOverARealLinkIsStoredServedCheckedAndSurvivesARestart() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.start(1);
      lie(network);
      assertProven(network);

      network.stop(1);
      network.start(1);
      assertProven(network);
      assertThat(metrics(network)).contains("quorate_evidence_total{kind=\"commit\",} 1.0");
    }
  }

  private static void lie(TestNetwork network) throws Exception {
    NodeConfig config = network.config(LIAR.index());
    MessageAuthenticator voice =
        new MessageAuthenticator(
            LIAR, config.key()::sign, network.chain(), SignatureVerifier.ED25519, block -> true);
    try (PeerNetwork liar =
        new PeerNetwork(
            network.chain(),
            LIAR,
            config.key(),
            peer -> config.genesis().peerAddress(peer).unresolved(),
            config.peerListen().resolve(),
            new Deaf(),
            PeerMetrics.NONE)) {
      liar.start();
      await().atMost(TestNetwork.PATIENCE).until(() -> liar.connected().contains(new ReplicaId(1)));
      for (String block : new String[] {"one", "other", "one", "other"}) {
        BlockId id = new BlockId(1, Digest.sha256(block.getBytes(StandardCharsets.UTF_8)));
        byte[] message = MessageCodec.encode(voice.sign(new Commit(0, id)));
        assertThat(liar.send(new ReplicaId(1), PeerPayload.ofMessage(message))).isTrue();
      }
      await()
          .atMost(TestNetwork.PATIENCE)
          .until(() -> network.get(1, "/api/v1/evidence/" + ID).statusCode() == 200);
    }
  }

  private static void assertProven(TestNetwork network) throws Exception {
    assertThat(network.get(1, "/api/v1/evidence").body())
        .isEqualTo(
            "{\"total\":1,\"evidence\":[{\"id\":\""
                + ID
                + "\",\"kind\":\"commit\",\"validators\":[\"node3\"]}],\"next\":null}");
    HttpResponse<String> document = network.get(1, "/api/v1/evidence/" + ID);
    Finding finding =
        new Auditor(network.chain(), SignatureVerifier.ED25519)
            .judge(EvidenceJson.read(document.body().getBytes(StandardCharsets.UTF_8)));
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    assertThat(((Finding.Proven) finding).guilty()).containsExactly(LIAR);
  }

  private static String metrics(TestNetwork network) throws Exception {
    int port = network.node(1).metricsAddress().getPort();
    return new String(
        java.net
            .URI
            .create("http://127.0.0.1:" + port + "/metrics")
            .toURL()
            .openStream()
            .readAllBytes(),
        StandardCharsets.UTF_8);
  }
}
