package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.node.NodeStartException.Kind;

class NodeStartTest {
  @TempDir private Path folder;

  private static NodeStartException refused(NodeConfig config) {
    return catchThrowableOfType(NodeStartException.class, () -> Node.start(config, "test").close());
  }

  @Test
  void aKeyOfNoValidatorIsRefused() {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      NodeConfig config = network.config(0);
      SigningKey stranger = SigningKey.generate();

      NodeStartException refused =
          refused(
              new NodeConfig(
                  config.genesis(),
                  stranger,
                  config.dataDir(),
                  config.peerListen(),
                  config.apiListen(),
                  config.metricsListen()));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused).hasMessageContaining(stranger.publicKey().hex());
    }
  }

  @Test
  void aDataFolderOfAnotherChainIsRefused() throws Exception {
    try (TestNetwork one = new TestNetwork(folder, 1, "one");
        TestNetwork other = new TestNetwork(folder, 1, "other")) {
      one.start(0);
      one.stop(0);

      NodeStartException refused = refused(other.config(0));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused)
          .hasMessageContaining(folder.resolve("node0").toString())
          .hasMessageContaining("another chain");
    }
  }

  @Test
  void aDataFolderInUseIsRefused() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      network.start(0);

      NodeStartException refused = refused(network.config(0));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused).hasMessageContaining("in use");
    }
  }

  @Test
  void aDataFolderThatIsThereIsNotMadeAnew() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      network.start(0);
      network.stop(0);

      NodeStartException refused =
          catchThrowableOfType(NodeStartException.class, () -> Node.init(network.config(0)));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused).hasMessageContaining("is there already");
    }
  }

  @Test
  void aNodeWithoutItsDataFolderSaysThatItHasForgotten() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      network.startAsItIs(0);

      await()
          .untilAsserted(
              () ->
                  assertThat(network.get(0, "/api/v1/status").body())
                      .contains("has forgotten what it signed")
                      .contains("quorate node init"));

      assertThat(network.get(0, "/ready").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aDamagedJournalIsRefused() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      network.start(0);
      network.awaitReady(0);
      network.awaitExecuted(network.submitMany(3));
      network.stop(0);
      Path journal = folder.resolve("node0").resolve("journal").resolve("journal");
      try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
        file.seek(100);
        int old = file.read();
        file.seek(100);
        file.write(old ^ 1);
      }

      NodeStartException refused = refused(network.config(0));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused).hasMessageContaining(journal.toString());
    }
  }

  @Test
  void aPortInUseIsNamedAndNothingStaysHeld() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeConfig config = network.config(0);
      Node.init(config);
      HostPort inUse = new HostPort("127.0.0.1", taken.getLocalPort());

      for (NodeConfig blocked :
          new NodeConfig[] {
            new NodeConfig(
                config.genesis(),
                config.key(),
                config.dataDir(),
                inUse,
                config.apiListen(),
                config.metricsListen()),
            new NodeConfig(
                config.genesis(),
                config.key(),
                config.dataDir(),
                config.peerListen(),
                inUse,
                config.metricsListen()),
            new NodeConfig(
                config.genesis(),
                config.key(),
                config.dataDir(),
                config.peerListen(),
                config.apiListen(),
                inUse)
          }) {
        NodeStartException refused = refused(blocked);
        assertThat(refused.kind()).as(refused.getMessage()).isEqualTo(Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining(String.valueOf(taken.getLocalPort()));
      }
      network.start(0);
      network.awaitReady(0);
    }
  }
}
