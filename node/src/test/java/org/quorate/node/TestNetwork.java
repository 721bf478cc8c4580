package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.NodeFile;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Whole nodes in this process, on loopback, with real ledgers and journals in temporary folders.
 */
final class TestNetwork implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 4_000;
  private static final AtomicInteger nextPort =
      new AtomicInteger((int) (ProcessHandle.current().pid() % PORTS));
  private static final ChainParameters PARAMETERS =
      new ChainParameters(50, 1 << 20, 4_096, 16, 10, 1_000, 10_000, 0);

  private final Path folder;
  private final List<SigningKey> validatorKeys = new ArrayList<>();
  private final SigningKey client = SigningKey.generate();
  private final GenesisDocument genesis;
  private final TreeMap<Integer, Node> nodes = new TreeMap<>();

  /** Nothing reads old blocks but who asks for them. */
  private StorageOptions storage = new StorageOptions(192, 50_000, 2, 0, 0, true);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private long nonce;

  TestNetwork(Path folder, int n) {
    this(folder, n, "test");
  }

  TestNetwork(Path folder, int n, String chainId) {
    this.folder = folder;
    List<Validator> validators = new ArrayList<>();
    List<HostPort> peers = new ArrayList<>();
    List<HostPort> apis = new ArrayList<>();
    List<Integer> ports = freePorts(2 * n);
    for (int i = 0; i < n; i++) {
      SigningKey key = SigningKey.generate();
      validatorKeys.add(key);
      validators.add(new Validator("node" + i, key.publicKey()));
      peers.add(new HostPort("127.0.0.1", ports.get(2 * i)));
      apis.add(new HostPort("127.0.0.1", ports.get(2 * i + 1)));
    }
    ChainSpec chain =
        new ChainSpec(
            chainId,
            1_700_000_000_000L,
            new ValidatorSet(validators),
            new ClientSet(
                List.of(new Client("alice", client.publicKey(), List.of(ByteString.EMPTY)))),
            PARAMETERS,
            new TreeMap<>());
    this.genesis = new GenesisDocument(chain, peers, apis);
  }

  /**
   * Ports that nobody listens on, and that the kernel gives to no outgoing connection (it begins at
   * 32,768): the others dial a node that is stopped, and such a connection would take its port.
   */
  private static List<Integer> freePorts(int count) {
    return Stream.generate(() -> FIRST_PORT + nextPort.getAndIncrement() % PORTS)
        .limit(PORTS)
        .filter(TestNetwork::isFree)
        .limit(count)
        .toList();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What nodes keep that are started from now on. */
  void keep(StorageOptions options) {
    storage = options;
  }

  ChainSpec chain() {
    return genesis.chain();
  }

  NodeConfig config(int index) {
    return new NodeConfig(
        genesis,
        validatorKeys.get(index),
        folder.resolve("node" + index),
        genesis.peerAddresses().get(index),
        genesis.apiAddresses().get(index),
        new HostPort("127.0.0.1", 0),
        new TreeMap<>(),
        storage);
  }

  /** Starts a node; the first time, as a new one. */
  Node start(int index) throws NodeStartException {
    if (!Files.exists(config(index).dataDir())) {
      Node.init(config(index));
    }
    return startAsItIs(index);
  }

  Node startAsItIs(int index) throws NodeStartException {
    Node node = Node.start(config(index), "test");
    nodes.put(index, node);
    return node;
  }

  /** Starts a node as a process of its own: {@code main} takes the node's folder. */
  Process startProcess(int index, Class<?> main, String... commandBefore) throws Exception {
    NodeConfig config = config(index);
    Path home = Files.createTempDirectory(folder, "process" + index + "-");
    Path genesisFile = home.resolve("genesis.json");
    genesis.write(genesisFile);
    KeyFile.write(home.resolve("key"), config.key());
    new NodeFile(
            genesisFile,
            home.resolve("key"),
            config.dataDir(),
            config.peerListen(),
            config.apiListen(),
            config.metricsListen())
        .write(home.resolve("node.json"));
    List<String> command = new ArrayList<>(List.of(commandBefore));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            home.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("log").toFile())
        .start();
  }

  void startAll() throws NodeStartException {
    for (int i = 0; i < validatorKeys.size(); i++) {
      start(i);
    }
    nodes.keySet().forEach(this::awaitReady);
  }

  void awaitReady(int index) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(get(index, "/ready").statusCode()).isEqualTo(200));
  }

  Node node(int index) {
    return nodes.get(index);
  }

  /**
   * Ends a node where it is. What is on disk afterwards is what a crash would leave: a node writes
   * nothing when it ends.
   */
  void stop(int index) {
    nodes.remove(index).close();
  }

  /** The client's next transaction. */
  Transaction transaction() {
    long next = nonce + 1;
    return transaction(
        new Operation.Put(ByteString.utf8("key" + next), ByteString.utf8("value" + next)));
  }

  Transaction transaction(Operation operation) {
    return Transaction.sign(client, chain().chainHash(), ++nonce, List.of(operation));
  }

  HttpResponse<String> get(int index, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri(index, path)).timeout(Duration.ofSeconds(60)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  byte[] bytes(int index, String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(uri(index, path)).timeout(Duration.ofSeconds(60)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** The value of a metric without labels, as a node serves it. */
  double metric(int index, String name) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + node(index).metricsAddress().getPort() + "/metrics");
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body()
        .lines() // all have come: to leave some unread would keep the connection
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  HttpResponse<String> submit(int index, Transaction transaction, String query)
      throws IOException, InterruptedException {
    String body = "{\"transaction\":\"" + Hex.encode(transaction.encoded()) + "\"}";
    return http.send(
        HttpRequest.newBuilder(uri(index, "/api/v1/transactions" + query))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(int index, String path) {
    return URI.create("http://" + genesis.apiAddresses().get(index) + path);
  }

  /** Submits {@code count} transactions over HTTP, by turns to the running nodes. */
  List<Digest> submitMany(int count) throws IOException, InterruptedException {
    List<Integer> running = List.copyOf(nodes.keySet());
    List<Digest> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Transaction transaction = transaction();
      assertThat(submit(running.get(i % running.size()), transaction, "").statusCode())
          .isEqualTo(202);
      hashes.add(transaction.hash());
    }
    return hashes;
  }

  /** How many transactions the nodes that run have not executed, the most of any. */
  int pending() {
    return nodes.values().stream()
        .mapToInt(node -> node.status().mempoolTransactions())
        .max()
        .orElseThrow();
  }

  /** Waits until the nodes that run all have executed all of {@code hashes}. */
  void awaitExecuted(List<Digest> hashes) {
    for (Node node : nodes.values()) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> hashes.stream().allMatch(hash -> node.ledger().transaction(hash).isPresent()));
    }
  }

  /** Checks that the nodes that run have the same blocks and got the same results. */
  void assertSameChain() {
    long height =
        nodes.values().stream()
            .mapToLong(n -> n.ledger().checkpoint().height())
            .min()
            .orElseThrow();
    Node first = nodes.firstEntry().getValue();
    List<BlockId> blocks = first.ledger().recent(0).subList(0, (int) height + 1);
    for (Node node : nodes.values()) {
      assertThat(node.ledger().recent(0)).startsWith(blocks.toArray(new BlockId[0]));
      for (long h = 0; h <= height; h++) {
        assertThat(node.ledger().checkpoint(h)).isEqualTo(first.ledger().checkpoint(h));
      }
    }
  }

  @Override
  public void close() {
    nodes.values().forEach(Node::close);
  }
}
