package org.quorate.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.quorate.ledger.Applied;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.Vote;

/** A real HTTP server that answers as a node does, or as a faulty one might. */
public final class StubNode implements AutoCloseable {
  /** How it treats its clients. */
  public enum Manner {
    HONEST,
    /** Accepts the connection and does not answer. */
    MUTE,
    /** Takes transactions and never has a proof of them; of the state, it has one of other keys. */
    CENSORING,
    /** Hands over proofs with too few signatures. */
    FORGING,
    /** Hands over proofs and blocks of another chain. */
    FOREIGN,
    /** Refuses every transaction. */
    REFUSING,
    /** Tells other values and nonces than the chain has. */
    LYING,
    /** Answers everything with garbage. */
    BABBLING,
    /** Never ends an answer. */
    ENDLESS
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String name;
  private final StubChain chain;
  private final StubChain otherChain;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Set<Integer> transactionBytes = ConcurrentHashMap.newKeySet();
  private final AtomicInteger submissions = new AtomicInteger();
  private volatile Manner manner;
  private final AtomicInteger headerRequests = new AtomicInteger();
  private volatile Optional<FaultProof> evidence = Optional.empty();
  private volatile Function<CheckpointCertificate, Optional<CheckpointCertificate>> certificates =
      Optional::of;

  public StubNode(String name, StubChain chain, StubChain otherChain, Manner manner) {
    this.name = name;
    this.chain = chain;
    this.otherChain = otherChain;
    this.manner = manner;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/api/v1/", this::handle);
    server.start();
  }

  public NodeEndpoint endpoint() {
    return new NodeEndpoint(name, URI.create("http://127.0.0.1:" + port()));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public void manner(Manner next) {
    manner = next;
  }

  /** How many transactions it was given. */
  public int submissions() {
    return submissions.get();
  }

  /** How often it was asked for headers. */
  public int headerRequests() {
    return headerRequests.get();
  }

  /**
   * What it hands over, with headers and with proofs of the state, in place of the certificate of a
   * block's result; where that is none, headers come without, and proofs with the block's own.
   */
  public void certify(Function<CheckpointCertificate, Optional<CheckpointCertificate>> by) {
    certificates = by;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/api/v1/".length());
      switch (manner) {
        case MUTE -> hang();
        case BABBLING ->
            send(exchange, 200, "<html>no node here</html>".getBytes(StandardCharsets.UTF_8));
        case ENDLESS -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          hang();
        }
        default -> answer(exchange, path.split("/"));
      }
    } catch (MalformedException e) {
      throw new IOException(e);
    }
  }

  private void hang() {
    try {
      closing.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, String[] path) throws IOException, MalformedException {
    switch (path[0]) {
      case "events" -> events(exchange);
      case "transactions" -> {
        if (path.length == 2 && path[1].equals("batch")) {
          batch(exchange);
        } else if (exchange.getRequestMethod().equals("POST")) {
          submit(exchange);
        } else {
          proof(exchange, Digest.fromHex(path[1]));
        }
      }
      case "state" -> {
        if (path.length == 1) {
          stateProof(exchange, exchange.getRequestURI().getQuery().substring("keys=".length()));
        } else {
          state(exchange, ByteString.of(Hex.decode(path[1])));
        }
      }
      case "blocks" -> block(exchange, path);
      case "headers" -> headers(exchange);
      case "clients" -> {
        long highest =
            chain.ledger().replayWindow(PublicKey.fromHex(path[1])).highest()
                + (manner == Manner.LYING ? 1L << 60 : 0);
        send(exchange, 200, JSON.objectNode().put("highest_nonce", highest));
      }
      case "status" -> status(exchange);
      case "evidence" -> evidence(exchange, path);
      default -> problem(exchange, 404, "not-found");
    }
  }

  /** From now on it holds that evidence. */
  public void hold(FaultProof proof) {
    evidence = Optional.of(proof);
  }

  private void evidence(HttpExchange exchange, String[] path) throws IOException {
    if (path.length == 2) {
      if (evidence.isPresent()) {
        send(exchange, 200, EvidenceJson.write(evidence.get()));
      } else {
        problem(exchange, 404, "not-found");
      }
      return;
    }
    ObjectNode listing = JSON.objectNode().put("total", evidence.isPresent() ? 1 : 0);
    ArrayNode entries = listing.putArray("evidence");
    evidence.ifPresent(
        proof ->
            entries
                .addObject()
                .put("id", proof.name())
                .put("kind", proof.kind().slug())
                .putArray("validators")
                .add("node" + proof.accused().first().index()));
    send(exchange, 200, listing.putNull("next"));
  }

  private void submit(HttpExchange exchange) throws IOException, MalformedException {
    submissions.incrementAndGet();
    JsonNode body = AnswerFields.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    Transaction transaction =
        Decoder.decode(Hex.decode(body.get("transaction").textValue()), Transaction::decode);
    if (manner == Manner.REFUSING) {
      problem(exchange, 409, "nonce-repeated");
      return;
    }
    if (manner != Manner.CENSORING) {
      chain.execute(transaction);
    }
    if (manner == Manner.FOREIGN) {
      otherChain.execute(transaction);
    }
    send(
        exchange,
        202,
        JSON.objectNode().put("hash", transaction.hash().hex()).put("status", "pending"));
  }

  private void batch(HttpExchange exchange) throws IOException, MalformedException {
    JsonNode body = AnswerFields.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
    List<Transaction> transactions = new ArrayList<>();
    ObjectNode answer = JSON.objectNode();
    ArrayNode results = answer.putArray("results");
    for (JsonNode hex : body.get("transactions")) {
      byte[] bytes = Hex.decode(hex.textValue());
      transactionBytes.add(bytes.length);
      Transaction transaction = Decoder.decode(bytes, Transaction::decode);
      transactions.add(transaction);
      if (manner == Manner.REFUSING) {
        results.addObject().putObject("problem").put("title", "no").put("status", 403);
      } else {
        results.addObject().put("hash", transaction.hash().hex()).put("status", "pending");
      }
    }
    if (manner == Manner.HONEST) {
      chain.execute(transactions);
    }
    send(exchange, 200, answer);
  }

  /** The sizes of the transactions that came in batches. */
  public Set<Integer> transactionBytes() {
    return transactionBytes;
  }

  private void events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.write(": open\n\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    BlockingQueue<Applied> blocks = new LinkedBlockingQueue<>();
    chain.listen(blocks::add);
    try {
      while (closing.getCount() > 0) {
        Applied block = blocks.poll(20, TimeUnit.MILLISECONDS);
        if (block != null) {
          out.write(
              ("event: block\ndata: " + event(block) + "\n\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode event(Applied block) {
    ObjectNode event =
        JSON.objectNode()
            .put("height", block.checkpoint().height())
            .put("block_hash", block.checkpoint().block().hash().hex())
            .put("view", 0)
            .put("receipts_root", block.checkpoint().receiptsRoot().hex())
            .put("state_root", block.checkpoint().stateRoot().hex());
    ArrayNode transactions = event.putArray("transactions");
    ArrayNode outcomes = event.putArray("outcomes");
    for (Receipt receipt : block.receipts()) {
      transactions.add(receipt.transactionHash().hex());
      outcomes.add(manner == Manner.LYING ? "overflow" : "executed");
    }
    return event;
  }

  private void proof(HttpExchange exchange, Digest hash) throws IOException {
    StubChain source = manner == Manner.FOREIGN ? otherChain : chain;
    Optional<TransactionProof> proof = source.proof(hash);
    if (proof.isEmpty()) {
      problem(exchange, 404, "not-found");
    } else if (manner == Manner.CENSORING) {
      problem(exchange, 504, "still-pending");
    } else {
      TransactionProof handed =
          manner == Manner.FORGING ? chain.underSigned(proof.get()) : proof.get();
      send(exchange, 200, ProofJson.write(handed));
    }
  }

  private void stateProof(HttpExchange exchange, String hexKeys) throws IOException {
    StubChain source = manner == Manner.FOREIGN ? otherChain : chain;
    TreeSet<ByteString> keys = new TreeSet<>();
    for (String hex : hexKeys.split(",", -1)) {
      keys.add(ByteString.of(Hex.decode(hex)));
    }
    if (manner == Manner.CENSORING) {
      keys.add(ByteString.utf8("another"));
    }
    Optional<StateProof> proof = source.ledger().proof(keys);
    if (proof.isEmpty()) {
      problem(exchange, 504, "still-pending");
      return;
    }
    StateProof good = proof.get();
    TreeMap<ByteString, Optional<ByteString>> values = new TreeMap<>(good.values());
    if (manner == Manner.LYING) {
      values.replaceAll((key, value) -> Optional.of(ByteString.utf8("a lie")));
    }
    send(
        exchange,
        200,
        StateProofJson.write(
            new StateProof(
                good.chainHash(),
                good.header(),
                good.commit(),
                certificates
                    .apply(good.checkpointCertificate())
                    .orElse(good.checkpointCertificate()),
                values,
                good.path())));
  }

  private void state(HttpExchange exchange, ByteString key) throws IOException {
    Optional<ByteString> value =
        manner == Manner.LYING
            ? Optional.of(ByteString.utf8("a lie"))
            : chain.ledger().state(key).value();
    if (value.isEmpty()) {
      problem(exchange, 404, "not-found");
      return;
    }
    send(
        exchange,
        200,
        JSON.objectNode()
            .put("key", key.hex())
            .put("value_hex", value.get().hex())
            .put("height", chain.ledger().checkpoint().height())
            .put("encoding", "hex"));
  }

  private void block(HttpExchange exchange, String[] path) throws IOException {
    StubChain source = manner == Manner.FOREIGN ? otherChain : chain;
    long tip = source.ledger().checkpoint().height();
    long height = path[1].equals("latest") ? tip : Long.parseLong(path[1]);
    if (height < 1 || height > tip) {
      problem(exchange, 404, "not-found");
      return;
    }
    Block block = source.ledger().block(height).orElseThrow().block();
    if (path.length == 2) {
      ArrayNode hashes = JSON.arrayNode();
      block.transactions().forEach(transaction -> hashes.add(transaction.hash().hex()));
      if (manner == Manner.LYING) {
        hashes.add(Digest.ZERO.hex());
      }
      ObjectNode answer =
          JSON.objectNode().put("height", height).put("header", hex(block.header()));
      answer.set("transactions", hashes);
      send(exchange, 200, answer);
      return;
    }
    send(
        exchange,
        200,
        JSON.objectNode()
            .put("commit_certificate", hex(source.ledger().block(height).orElseThrow().commit()))
            .put(
                "checkpoint_certificate",
                source.ledger().checkpointCertificate(height).map(StubNode::hex).orElse(null)));
  }

  /** Where it is CENSORING, it has nothing above block 1. */
  private void headers(HttpExchange exchange) throws IOException {
    headerRequests.incrementAndGet();
    StubChain source = manner == Manner.FOREIGN ? otherChain : chain;
    String[] range = exchange.getRequestURI().getQuery().split("[=&]", -1);
    long from = Long.parseLong(range[1]);
    long tip = manner == Manner.CENSORING ? 1 : source.ledger().checkpoint().height();
    long to = Math.min(Math.min(Long.parseLong(range[3]), tip), from + NodeClient.HEADERS_MAX - 1);
    if (from > to) {
      problem(exchange, 404, "not-found");
      return;
    }
    CommittedHeader last = source.ledger().header(to).orElseThrow();
    ObjectNode answer = JSON.objectNode();
    ArrayNode headers = answer.putArray("headers");
    for (long height = from; height <= to; height++) {
      BlockHeader header = source.ledger().header(height).orElseThrow().header();
      headers.add(hex(manner == Manner.LYING ? later(header) : header));
    }
    Vote vote = last.commit().vote();
    answer.put(
        "commit",
        hex(
            manner == Manner.FORGING
                ? new QuorumCertificate(vote, chain.signed(vote, 0, 1))
                : last.commit()));
    source
        .ledger()
        .checkpointCertificate(to)
        .flatMap(certificates)
        .ifPresent(certificate -> answer.put("checkpoint", hex(certificate)));
    send(exchange, 200, answer);
  }

  private static BlockHeader later(BlockHeader header) {
    return new BlockHeader(
        header.height(),
        header.parentHash(),
        header.proposedView(),
        header.timestampMillis() + 1,
        header.proposer(),
        header.transactionsRoot(),
        header.transactionCount(),
        header.validatorSetHash());
  }

  private void status(HttpExchange exchange) throws IOException {
    StubChain source = manner == Manner.FOREIGN ? otherChain : chain;
    send(
        exchange,
        200,
        JSON.objectNode()
            .put("chain_id", source.spec().chainId())
            .put("chain_hash", source.spec().chainHash().hex())
            .put("name", name)
            .put("replica", Integer.parseInt(name.substring("node".length())))
            .put("view", 0)
            .put("primary", "node0")
            .put("active", true)
            .put("height", chain.ledger().checkpoint().height())
            .put("block_hash", chain.ledger().checkpoint().block().hash().hex())
            .put("state_root", chain.ledger().checkpoint().stateRoot().hex())
            .put("stable_height", chain.ledger().checkpoint().height())
            .put("mempool_transactions", 0)
            .put("peers_connected", 3)
            .put("validators", 4)
            .put("ready", true)
            .put("version", "stub"));
  }

  private static String hex(Encodable value) {
    return Hex.encode(value.encoded());
  }

  private static void problem(HttpExchange exchange, int status, String slug) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
    send(
        exchange,
        status,
        JSON.objectNode()
            .put("type", "urn:quorate:problem:" + slug)
            .put("title", slug)
            .put("status", status)
            .put("detail", "says the stub"));
  }

  private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
    send(exchange, status, AnswerFields.MAPPER.writeValueAsBytes(json));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Four nodes of one chain, each with its manner. */
  public static List<StubNode> network(StubChain chain, StubChain other, Manner... manners) {
    List<StubNode> nodes = new ArrayList<>();
    for (int i = 0; i < manners.length; i++) {
      nodes.add(new StubNode("node" + i, chain, other, manners[i]));
    }
    return nodes;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
