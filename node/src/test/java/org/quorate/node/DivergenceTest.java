package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.state.TreeLimits;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.Table;

/** A node whose state became another than the others', in a way that no checksum finds. */
@Timeout(120)
final class DivergenceTest {
  private static final int DIVERGED = 2;

  @TempDir private Path folder;
  private TestNetwork network;

  @AfterEach
  void stop() {
    network.close();
  }

  /** What the node has executed is as if there had been one more transaction. */
  private void falsify(Path ledgerFolder) throws Exception {
    try (LevelDbStore store = LevelDbStore.open(ledgerFolder)) {
      Checkpoint last = Ledger.open(store, network.chain()).checkpoint();
      WorldState state =
          WorldState.open(store, network.chain().clients(), TreeLimits.DEFAULTS, last.stateRoot());
      Batch batch = new Batch();
      state.execute(List.of(network.transaction()), last.height(), batch);
      Checkpoint wrong = new Checkpoint(last.block(), last.receiptsRoot(), state.root());
      batch.put(Table.CHECKPOINT.key(last.height()), wrong.encoded());
      batch.delete(Table.CERTIFICATE.key(last.height()));
      store.write(batch, true);
    }
  }

  @Test
  void nodeWhoseResultIsNotTheOthersStopsAndDoesNotVoteAgain() throws Exception {
    network = new TestNetwork(folder, 4);
    network.startAll();
    List<Digest> hashes = network.submitMany(10);
    network.awaitExecuted(hashes);
    network.stop(DIVERGED);
    Path data = network.config(DIVERGED).dataDir();
    falsify(data.resolve("ledger"));

    Node node = network.startAsItIs(DIVERGED);
    network.submit(0, network.transaction(), "?wait=executed");
    assertThat(node.awaitEnd()).isEqualTo(1);
    network.stop(DIVERGED);

    assertThat(data.resolve("DIVERGED"))
        .content()
        .contains("but proven is", "own checkpoint: ", "checkpoint certificate: ");
    assertThatThrownBy(() -> network.startAsItIs(DIVERGED))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("differs from what the other validators have signed")
        .hasMessageContaining("quorate ledger diff")
        .hasMessageContaining("quorate snapshot restore --replace");
    assertThat(data.resolve("ledger")).isDirectory();
    assertThat(network.submit(1, network.transaction(), "?wait=executed").statusCode())
        .isEqualTo(200);

    // The remedy that takes no snapshot.
    try (var files = Files.list(data.resolve("ledger"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(data.resolve("DIVERGED"));
    network.startAsItIs(DIVERGED);
    network.awaitReady(DIVERGED);
    network.awaitExecuted(network.submitMany(5));
    network.assertSameChain();
  }
}
