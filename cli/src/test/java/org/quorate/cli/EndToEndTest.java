package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.AgreedState;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.cli.client.NonceFile;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.client.Submission;
import org.quorate.cli.network.FreePorts;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.genesis.KeyFile;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SigningKey;

/** The main job, on real processes: what a client holds a proof of survives the primary's death. */
@Timeout(300)
final class EndToEndTest {
  private static final int NODES = 4;
  private static final List<String> CLIENTS = List.of("alice", "bob", "carol");
  private static final int TRANSACTIONS = 2_000;
  private static final int WORKERS = 48;
  private static final ByteString TOTAL = ByteString.utf8("shared/total");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedOutlivesThePrimaryAndReachesItAgain() throws Exception {
    NetworkFolder made =
        NetworkFolder.create(
            folder.resolve("network"),
            new NetworkPlan(
                "end-to-end",
                NODES,
                CLIENTS,
                FreePorts.base(NODES),
                ChainParameters.DEFAULTS,
                new TreeMap<>()));
    QuorateClient client =
        new QuorateClient(
            made.genesis().chain(),
            QuorateClient.endpoints(made.genesis()),
            NodeClient.newHttpClient());
    RunOptions options = new RunOptions("256m", List.of(), RunOptions.DEFAULTS.readyTimeout());
    Map<Digest, Submission.Proven> acknowledged = new ConcurrentHashMap<>();
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    try (RunningNetwork network = RunningNetwork.start(made.path(), options)) {
      List<Future<Submission>> submissions = new ArrayList<>();
      for (Transaction transaction : transactions(made)) {
        submissions.add(workers.submit(() -> submit(client, transaction, acknowledged)));
      }
      await().atMost(PATIENCE).until(() -> acknowledged.size() >= TRANSACTIONS / 2);
      int primary = (int) (status(client, 0).view() % NODES);
      network.kill(primary);
      assertThat(acknowledged).hasSizeLessThan(TRANSACTIONS);

      for (Future<Submission> submission : submissions) {
        assertThat(submission.get())
            .isInstanceOfSatisfying(
                Submission.Proven.class,
                proven ->
                    assertThat(proven.proof().receipt().outcome())
                        .isEqualTo(Receipt.Outcome.EXECUTED));
      }

      List<Integer> survivors =
          IntStream.range(0, NODES).filter(node -> node != primary).boxed().toList();
      long height =
          acknowledged.values().stream()
              .mapToLong(proven -> proven.proof().header().height())
              .max()
              .orElseThrow();
      await().atMost(PATIENCE).until(() -> haveEqualTips(client, survivors, height));
      List<List<Digest>> chain = blocks(client, survivors.get(0));
      for (int survivor : survivors) {
        assertThat(blocks(client, survivor)).isEqualTo(chain);
      }
      assertThat(chain.stream().flatMap(block -> block.stream().skip(1)))
          .containsExactlyInAnyOrderElementsOf(acknowledged.keySet());
      AgreedState total = client.state(TOTAL, PATIENCE);
      assertThat(total.value()).contains(ByteString.utf8(Integer.toString(TRANSACTIONS)));
      assertThat(status(client, survivors.get(0)).view()).isPositive();

      network.restart(primary);

      List<Integer> all = IntStream.range(0, NODES).boxed().toList();
      await().atMost(PATIENCE).until(() -> haveEqualTips(client, all, height));
      assertThat(blocks(client, primary)).isEqualTo(chain);
    } finally {
      workers.shutdownNow();
    }
  }

  private static Submission submit(
      QuorateClient client, Transaction transaction, Map<Digest, Submission.Proven> acknowledged)
      throws InterruptedException {
    Submission submission = client.submit(transaction, PATIENCE);
    if (submission instanceof Submission.Proven proven) {
      acknowledged.put(transaction.hash(), proven);
    }
    return submission;
  }

  /** Each writes a key of its client's and counts itself in a key that all share. */
  private static List<Transaction> transactions(NetworkFolder network) throws Exception {
    Digest chainHash = network.genesis().chain().chainHash();
    List<Transaction> transactions = new ArrayList<>();
    List<SigningKey> keys = new ArrayList<>();
    List<Long> firstNonces = new ArrayList<>();
    for (String name : CLIENTS) {
      Path file = network.clientKey(name);
      keys.add(KeyFile.read(file));
      firstNonces.add(NonceFile.beside(file).reserve(TRANSACTIONS, () -> 0));
    }
    for (int i = 0; i < TRANSACTIONS; i++) {
      int client = i % CLIENTS.size();
      ByteString key = ByteString.utf8(CLIENTS.get(client) + "/" + i);
      transactions.add(
          Transaction.sign(
              keys.get(client),
              chainHash,
              firstNonces.get(client) + i / CLIENTS.size(),
              List.of(
                  new Operation.Require(key, Optional.empty()),
                  new Operation.Put(key, ByteString.utf8("value " + i)),
                  new Operation.Add(TOTAL, 1))));
    }
    return transactions;
  }

  private static NodeStatus status(QuorateClient client, int node) throws InterruptedException {
    return given(client.nodes().get(node).status());
  }

  /** Whether the nodes stand at one block, at {@code height} at least, with one state root. */
  private static boolean haveEqualTips(QuorateClient client, List<Integer> nodes, long height)
      throws InterruptedException {
    NodeStatus first = status(client, nodes.get(0));
    for (int node : nodes) {
      NodeStatus status = status(client, node);
      if (!status.blockHash().equals(first.blockHash())
          || !status.stateRoot().equals(first.stateRoot())
          || status.height() < height) {
        return false;
      }
    }
    return true;
  }

  /** All blocks of a node from height 1: the hash of each, then those of its transactions. */
  private static List<List<Digest>> blocks(QuorateClient client, int node)
      throws InterruptedException {
    NodeClient one = client.nodes().get(node);
    List<List<Digest>> blocks = new ArrayList<>();
    for (long height = 1; height <= given(one.status()).height(); height++) {
      NodeClient.BlockAnswer block = given(one.block(Long.toString(height)));
      List<Digest> hashes = new ArrayList<>();
      hashes.add(block.header().hash(client.chain().chainHash()));
      hashes.addAll(block.transactions());
      blocks.add(hashes);
    }
    return blocks;
  }

  private static <T> T given(Answer<T> answer) {
    if (answer instanceof Answer.Given<T> given) {
      return given.value();
    }
    throw new AssertionError(answer.complaint());
  }
}
