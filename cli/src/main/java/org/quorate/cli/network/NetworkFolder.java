package org.quorate.cli.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.KeyFileException;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.node.Node;
import org.quorate.node.NodeConfig;
import org.quorate.node.NodeStartException;

/**
 * The folder of a network on this machine.
 *
 * <pre>
 * genesis.json
 * clients/NAME.pem                  the clients' keys
 * node0/node.json                   the node's settings
 * node0/validator.pem               its key
 * node0/genesis.json                its copy of the genesis file
 * node0/data/                       its ledger and journal
 * node0/node.log, node0/node.pid    written when it runs
 * node1/…
 * </pre>
 *
 * @param path the folder
 * @param genesis what {@code genesis.json} says
 */
public record NetworkFolder(Path path, GenesisDocument genesis) {
  private static final String HOST = "127.0.0.1";

  /**
   * Makes a network: keys, genesis file and a folder for each node. Each client may write keys that
   * begin with its name and a slash, or with {@code shared/}.
   *
   * @param path the folder; it must be empty or not yet there
   * @throws CommandFailure if it is not, or cannot be written
   * @throws IllegalArgumentException if the plan's chain id or state is outside the ledger's
   *     limits; nothing is written then
   */
  public static NetworkFolder create(Path path, NetworkPlan plan) throws CommandFailure {
    List<SigningKey> keys = newKeys(plan.validators());
    List<SigningKey> clientKeys = newKeys(plan.clients().size());
    GenesisDocument genesis = genesis(plan, keys, clients(plan, clientKeys));
    try {
      Files.createDirectories(path);
      try (Stream<Path> content = Files.list(path)) {
        if (content.findAny().isPresent()) {
          throw new CommandFailure(
              ExitCode.FAILED, path + " is not empty; name a folder that is not yet there");
        }
      }
      NetworkFolder folder = new NetworkFolder(path, genesis);
      Files.createDirectory(path.resolve("clients"));
      for (int i = 0; i < clientKeys.size(); i++) {
        KeyFile.write(folder.clientKey(plan.clients().get(i)), clientKeys.get(i));
      }
      for (int i = 0; i < keys.size(); i++) {
        writeNode(folder.nodeFolder(i), plan, i, keys.get(i), genesis);
        Node.init(NodeConfig.read(folder.nodeFolder(i)));
      }
      genesis.write(folder.genesisFile());
      return folder;
    } catch (IOException | KeyFileException | NodeStartException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "cannot make the network in " + path + ": " + e.getMessage(), e);
    }
  }

  private static List<SigningKey> newKeys(int count) {
    return IntStream.range(0, count).mapToObj(i -> SigningKey.generate()).toList();
  }

  private static List<Client> clients(NetworkPlan plan, List<SigningKey> keys) {
    List<Client> clients = new ArrayList<>();
    for (String name : plan.clients()) {
      clients.add(
          new Client(
              name,
              keys.get(clients.size()).publicKey(),
              List.of(ByteString.utf8(name + "/"), ByteString.utf8("shared/"))));
    }
    return clients;
  }

  private static GenesisDocument genesis(
      NetworkPlan plan, List<SigningKey> keys, List<Client> clients) {
    SortedMap<ByteString, ByteString> state = new TreeMap<>();
    plan.state().forEach((key, value) -> state.put(ByteString.utf8(key), ByteString.utf8(value)));
    List<Integer> nodes = IntStream.range(0, keys.size()).boxed().toList();
    ChainSpec chain =
        new ChainSpec(
            plan.chainId(),
            Instant.now().toEpochMilli(),
            new ValidatorSet(
                nodes.stream()
                    .map(i -> new Validator("node" + i, keys.get(i).publicKey()))
                    .toList()),
            new ClientSet(clients),
            plan.parameters(),
            state);
    return new GenesisDocument(
        chain,
        nodes.stream().map(i -> new HostPort(HOST, plan.peerPort(i))).toList(),
        nodes.stream().map(i -> new HostPort(HOST, plan.apiPort(i))).toList());
  }

  private static void writeNode(
      Path folder, NetworkPlan plan, int node, SigningKey key, GenesisDocument genesis)
      throws IOException, KeyFileException {
    Files.createDirectory(folder);
    KeyFile.write(folder.resolve("validator.pem"), key);
    genesis.write(folder.resolve("genesis.json"));
    new NodeFile(
            folder.resolve("genesis.json"),
            folder.resolve("validator.pem"),
            folder.resolve("data"),
            new HostPort(HOST, plan.peerPort(node)),
            new HostPort(HOST, plan.apiPort(node)),
            new HostPort(HOST, plan.metricsPort(node)))
        .write(folder.resolve("node.json"));
  }

  /**
   * Opens the folder of a network that was made before.
   *
   * @throws CommandFailure if it is none, or its genesis file is damaged
   */
  public static NetworkFolder open(Path path) throws CommandFailure {
    Path genesis = path.resolve("genesis.json");
    if (!Files.exists(genesis)) {
      throw new CommandFailure(
          ExitCode.MISMATCH,
          path + " holds no network; make one by: quorate network create " + path);
    }
    try {
      return new NetworkFolder(path, GenesisDocument.read(genesis));
    } catch (GenesisException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    }
  }

  /** The genesis file that all nodes share. */
  public Path genesisFile() {
    return path.resolve("genesis.json");
  }

  /** The folder of node {@code index}. */
  public Path nodeFolder(int index) {
    return path.resolve("node" + index);
  }

  /** The key file of a client. */
  public Path clientKey(String name) {
    return path.resolve("clients").resolve(name + ".pem");
  }
}
