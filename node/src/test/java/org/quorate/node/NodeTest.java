package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

class NodeTest {
  @TempDir private Path folder;

  @Test
  void fourNodesExecuteTheSameBlocksAndProveThem() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.startAll();

      List<Digest> hashes = network.submitMany(120);
      network.awaitExecuted(hashes);

      network.assertSameChain();
      for (Digest hash : List.of(hashes.get(0), hashes.get(119))) {
        await()
            .atMost(TestNetwork.PATIENCE)
            .until(() -> network.node(2).ledger().proof(hash).isPresent());
      }
    }
  }

  @Test
  void theOthersGoOnWithoutThePrimaryAndItCatchesUpWhenItIsBack() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.startAll();
      network.awaitExecuted(network.submitMany(40));

      network.stop(0);
      List<Digest> without = network.submitMany(120);
      network.awaitExecuted(without);
      assertThat(network.node(1).status().view()).isPositive();

      network.start(0);
      network.awaitReady(0);
      network.awaitExecuted(without);
      network.awaitExecuted(network.submitMany(40));
      network.assertSameChain();
    }
  }

  @Test
  void aNodeThatMissedHundredsOfBlocksFetchesThemWhileTheOthersGoOn() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.startAll();
      network.awaitExecuted(network.submitMany(10));
      network.stop(3);
      long before = network.node(0).ledger().checkpoint().height();
      List<Digest> missed = new ArrayList<>();
      long behind = 0;
      while (behind <= 100) {
        List<Digest> some = network.submitMany(100);
        network.awaitExecuted(some);
        missed.addAll(some);
        behind = network.node(0).ledger().checkpoint().height() - before;
      }

      network.start(3);
      List<Digest> meanwhile = network.submitMany(50);
      network.awaitReady(3);
      network.awaitExecuted(missed);
      network.awaitExecuted(meanwhile);
      network.assertSameChain();
      // Each block is fetched, but for those of the last window, which votes bring as well.
      assertThat(network.metric(3, "quorate_fetched_blocks_total"))
          .isGreaterThanOrEqualTo((double) (behind - network.chain().parameters().windowBlocks()));
    }
  }

  @Test
  void aNodeThatLostItsDataFolderCatchesUpAndIsSilentUntilTheChainHasPassedWhatItSigned()
      throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.startAll();
      network.awaitExecuted(network.submitMany(40));
      network.stop(2);
      deleteFolder(network.config(2).dataDir());

      network.startAsItIs(2);
      network.awaitExecuted(network.submitMany(120));
      network.awaitReady(2);
      assertThat(network.node(2).recovery().silentThroughView()).isPositive();
      network.awaitExecuted(network.submitMany(40));
      network.assertSameChain();
    }
  }

  private static void deleteFolder(Path path) throws IOException {
    try (Stream<Path> entries = Files.walk(path)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }

  @Test
  void aNetworkThatStoppedAsAWholeGoesOnWhereItWas() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 4)) {
      network.startAll();
      List<Digest> before = network.submitMany(40);
      network.awaitExecuted(before);
      for (int i = 0; i < 4; i++) {
        network.stop(i);
      }

      network.startAll();
      network.awaitExecuted(before);
      network.awaitExecuted(network.submitMany(40));
      network.assertSameChain();
    }
  }

  @Test
  void aSingleValidatorIsAChain() throws Exception {
    try (TestNetwork network = new TestNetwork(folder, 1)) {
      network.startAll();
      Transaction transaction = network.transaction();

      var answer = network.submit(0, transaction, "?wait=executed&timeout_ms=30000");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"executed\"").contains(transaction.hash().hex());
      network.stop(0);
      network.start(0);
      network.awaitReady(0);
      network.awaitExecuted(List.of(transaction.hash()));
      network.awaitExecuted(network.submitMany(30));
    }
  }
}
