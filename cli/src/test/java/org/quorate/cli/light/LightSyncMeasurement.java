package org.quorate.cli.light;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.StubChain;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Vote;

/**
 * Prints how fast headers are followed: {@code -Dtest=LightSyncMeasurement -Dquorate.measure=true},
 * and {@code -Dquorate.headers=100000} for how many. One node, a server in this process, hands them
 * over from memory; its threads take part of the time. The first round warms up.
 */
@EnabledIfSystemProperty(named = "quorate.measure", matches = "true")
final class LightSyncMeasurement {
  private static final int HEADERS = Integer.getInteger("quorate.headers", 50_000);
  private static final int CHECKED_ONE_BY_ONE = 5_000;
  private static final int ROUNDS = 3;

  @TempDir private Path folder;

  private final StubChain keys = new StubChain(1, List.of("alice"));
  private final ChainSpec chain = keys.spec();
  private final List<BlockHeader> headers = new ArrayList<>();

  private void makeChain() {
    BlockHeader parent = chain.genesisHeader();
    for (int i = 0; i < HEADERS; i++) {
      BlockHeader header =
          new BlockHeader(
              parent.height() + 1,
              parent.hash(chain.chainHash()),
              0,
              parent.timestampMillis() + 1,
              new ReplicaId(0),
              MerkleTree.EMPTY_ROOT,
              0,
              chain.validators().hash());
      headers.add(header);
      parent = header;
    }
  }

  private CommittedHeader committed(BlockHeader header) {
    Digest hash = header.hash(chain.chainHash());
    Vote vote = new Vote(Phase.COMMIT, 0, new BlockId(header.height(), hash));
    return new CommittedHeader(header, new QuorumCertificate(vote, keys.signed(vote, 0, 1, 2)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] range = exchange.getRequestURI().getQuery().split("[=&]", -1);
      int from = Integer.parseInt(range[1]);
      int to = (int) Math.min(Long.parseLong(range[3]), headers.size());
      if (from > to) {
        byte[] problem =
            "{\"type\":\"urn:quorate:problem:not-found\",\"title\":\"none\"}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(404, problem.length);
        exchange.getResponseBody().write(problem);
        return;
      }
      var json = new JsonMapper().createObjectNode();
      var list = json.putArray("headers");
      for (int height = from; height <= to; height++) {
        list.add(Hex.encode(headers.get(height - 1).encoded()));
      }
      json.put("commit", Hex.encode(committed(headers.get(to - 1)).commit().encoded()));
      byte[] body = new JsonMapper().writeValueAsBytes(json);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Test
  void headersPerSecond() throws Exception {
    makeChain();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newSingleThreadExecutor());
    server.createContext("/api/v1/headers", this::answer);
    server.start();
    List<HostPort> peers = addresses(1);
    GenesisDocument genesis = new GenesisDocument(chain, peers, addresses(11));
    NodeEndpoint node = NodeEndpoint.parse("http://127.0.0.1:" + server.getAddress().getPort());
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int round = 0; round < ROUNDS; round++) {
      try (LightFolder light = LightFolder.openOrCreate(folder.resolve("r" + round), genesis)) {
        long before = threads.getCurrentThreadCpuTime();
        SyncReport report =
            new Sync(light, List.of(new NodeClient(NodeClient.newHttpClient(), node)), text -> {})
                .run(Sync.Gaps.FILL);
        long cpuNanos = threads.getCurrentThreadCpuTime() - before;
        assertThat(light.height()).isEqualTo(HEADERS);
        System.out.printf(
            "%d headers, a certificate for each %d: %d per second, %d per second of the following thread%n",
            HEADERS,
            NodeClient.HEADERS_MAX,
            report.headersPerSecond(),
            HEADERS * 1_000_000_000L / cpuNanos);
      }
      long begin = System.nanoTime();
      LightFolder.read(folder.resolve("r" + round)).close();
      System.out.printf("opened and checked in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
    }
    server.stop(0);
    measureOneByOne(threads);
  }

  private void measureOneByOne(ThreadMXBean threads) {
    LightClient client = new LightClient(chain, SignatureVerifier.ED25519);
    List<CommittedHeader> committed =
        headers.stream().limit(CHECKED_ONE_BY_ONE).map(this::committed).toList();
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadCpuTime();
      BlockHeader parent = chain.genesisHeader();
      for (CommittedHeader one : committed) {
        assertThat(client.checkHeaders(parent, List.of(one.header()), one.commit()).isValid())
            .isTrue();
        parent = one.header();
      }
      System.out.printf(
          "%d headers, a certificate for each: %d per second of one thread%n",
          committed.size(),
          committed.size() * 1_000_000_000L / (threads.getCurrentThreadCpuTime() - before));
    }
  }

  private static List<HostPort> addresses(int firstPort) {
    List<HostPort> addresses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      addresses.add(new HostPort("127.0.0.1", firstPort + i));
    }
    return addresses;
  }
}
