package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.NodeStartException.Kind;

class NodeConfigTest {
  private static final HostPort TUNNEL = new HostPort("127.0.0.1", 7);

  @TempDir private Path folder;

  private Path node(TestNetwork network, SortedMap<String, HostPort> peerAddresses)
      throws Exception {
    NodeConfig config = network.config(0);
    Path made = Files.createDirectory(folder.resolve("operator"));
    config.genesis().write(made.resolve("genesis.json"));
    KeyFile.write(made.resolve("validator.pem"), config.key());
    new NodeFile(
            made.resolve("genesis.json"),
            made.resolve("validator.pem"),
            made.resolve("data"),
            config.peerListen(),
            config.apiListen(),
            config.metricsListen())
        .withPeerAddresses(peerAddresses)
        .write(made.resolve("node.json"));
    return made;
  }

  @Test
  void aPeerIsDialedWhereTheOperatorSaysAndTheOthersWhereTheGenesisFileSays() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 3)) {
      String name = network.chain().validators().validator(new ReplicaId(1)).name();

      NodeConfig config = NodeConfig.read(node(network, new TreeMap<>(Map.of(name, TUNNEL))));

      assertThat(config.peerAddress(new ReplicaId(1))).isEqualTo(TUNNEL);
      assertThat(config.peerAddress(new ReplicaId(2)))
          .isEqualTo(config.genesis().peerAddress(new ReplicaId(2)));
    }
  }

  @Test
  void anAddressOfNoValidatorIsRefusedWithTheNamesThereAre() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 3)) {
      Path made = node(network, new TreeMap<>(Map.of("stranger", TUNNEL)));

      NodeStartException refused =
          catchThrowableOfType(NodeStartException.class, () -> NodeConfig.read(made));

      assertThat(refused.kind()).isEqualTo(Kind.CONFIGURATION);
      assertThat(refused)
          .hasMessageContaining(made.resolve("node.json") + ": peer_addresses[\"stranger\"]")
          .hasMessageContaining(network.chain().validators().validator(new ReplicaId(2)).name());
    }
  }
}
