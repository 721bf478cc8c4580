package org.quorate.node;

import java.nio.file.Path;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.NodeStartException.Kind;

/**
 * All that one node is told when it starts.
 *
 * @param genesis what all members agreed on, and where the peers are
 * @param key the private key of one of its validators
 * @param dataDir the folder of ledger and journal; made if it is not there
 * @param peerListen where to listen for the other validators
 * @param apiListen where to serve clients
 * @param metricsListen where to serve {@code /metrics}
 */
public record NodeConfig(
    GenesisDocument genesis,
    SigningKey key,
    Path dataDir,
    HostPort peerListen,
    HostPort apiListen,
    HostPort metricsListen) {

  /**
   * Reads {@code node.json} of a node's folder and the genesis and key files that it names.
   *
   * @throws NodeStartException of kind CONFIGURATION if one of them cannot be used; names it
   */
  public static NodeConfig read(Path folder) throws NodeStartException {
    try {
      NodeFile node = NodeFile.read(folder.resolve("node.json"));
      NodeConfig config =
          new NodeConfig(
              GenesisDocument.read(node.genesis()),
              KeyFile.read(node.keyFile()),
              node.dataDir(),
              node.peerListen(),
              node.apiListen(),
              node.metricsListen());
      if (config.genesis().chain().validators().replica(config.key().publicKey()).isEmpty()) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            "the key %s (public key %s) is that of no validator in %s: use the key of one, or the"
                    .formatted(node.keyFile(), config.key().publicKey(), node.genesis())
                + " genesis file that lists it");
      }
      return config;
    } catch (GenesisException | KeyFileException e) {
      throw new NodeStartException(Kind.CONFIGURATION, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Which validator the key makes this node.
   *
   * @throws NodeStartException if it is none's
   */
  ReplicaId self() throws NodeStartException {
    return genesis
        .chain()
        .validators()
        .replica(key.publicKey())
        .orElseThrow(
            () ->
                new NodeStartException(
                    Kind.CONFIGURATION,
                    "the public key " + key.publicKey() + " is that of no validator"));
  }
}
