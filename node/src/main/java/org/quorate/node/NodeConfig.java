package org.quorate.node;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.genesis.NodeFile;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.chain.ChainSpec;
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
 * @param peerAddresses where to dial peers that are not reached at the genesis file's addresses;
 *     cannot be changed
 * @param storage what it keeps
 */
public record NodeConfig(
    GenesisDocument genesis,
    SigningKey key,
    Path dataDir,
    HostPort peerListen,
    HostPort apiListen,
    HostPort metricsListen,
    SortedMap<ReplicaId, HostPort> peerAddresses,
    StorageOptions storage) {

  public NodeConfig {
    peerAddresses = Collections.unmodifiableSortedMap(new TreeMap<>(peerAddresses));
  }

  /** The configuration of a node that reaches its peers where the genesis file says. */
  public NodeConfig(
      GenesisDocument genesis,
      SigningKey key,
      Path dataDir,
      HostPort peerListen,
      HostPort apiListen,
      HostPort metricsListen) {
    this(
        genesis,
        key,
        dataDir,
        peerListen,
        apiListen,
        metricsListen,
        new TreeMap<>(),
        StorageOptions.DEFAULTS);
  }

  /**
   * Reads {@code node.json} of a node's folder and the genesis and key files that it names.
   *
   * @throws NodeStartException of kind CONFIGURATION if one of them cannot be used; names it
   */
  public static NodeConfig read(Path folder) throws NodeStartException {
    Path file = folder.resolve("node.json");
    try {
      NodeFile node = NodeFile.read(file);
      GenesisDocument genesis = GenesisDocument.read(node.genesis());
      NodeConfig config =
          new NodeConfig(
              genesis,
              KeyFile.read(node.keyFile()),
              node.dataDir(),
              node.peerListen(),
              node.apiListen(),
              node.metricsListen(),
              peerAddresses(file, node.peerAddresses(), genesis.chain()),
              node.storage());
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

  private static SortedMap<ReplicaId, HostPort> peerAddresses(
      Path file, SortedMap<String, HostPort> byName, ChainSpec chain) throws NodeStartException {
    Map<String, ReplicaId> replicas = new TreeMap<>();
    for (ReplicaId replica : chain.validators().replicas()) {
      replicas.put(chain.validators().validator(replica).name(), replica);
    }
    SortedMap<ReplicaId, HostPort> addresses = new TreeMap<>();
    for (Map.Entry<String, HostPort> entry : byName.entrySet()) {
      ReplicaId replica = replicas.get(entry.getKey());
      if (replica == null) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            "%s: peer_addresses[\"%s\"]: no validator has that name; they are %s"
                .formatted(file, entry.getKey(), String.join(", ", replicas.keySet())));
      }
      addresses.put(replica, entry.getValue());
    }
    return addresses;
  }

  /** Where this node dials a peer: where it was told to, or where the genesis file says. */
  HostPort peerAddress(ReplicaId peer) {
    return peerAddresses.getOrDefault(peer, genesis.peerAddress(peer));
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
