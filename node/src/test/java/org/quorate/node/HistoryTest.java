package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.store.LevelDbStore;

/** Nodes that keep snapshots and the last blocks, and those that begin with what they keep. */
final class HistoryTest {
  private static final int INTERVAL = 10;
  private static final int BLOCKS_KEPT = 5;
  private static final int FRESH = 3;

  @TempDir private Path folder;
  private TestNetwork network;

  @BeforeEach
  void threeOfFourNodes() throws Exception {
    network = new TestNetwork(folder, 4);
    network.keep(new StorageOptions(16, INTERVAL, 2, BLOCKS_KEPT, 0, true));
    for (int i = 0; i < FRESH; i++) {
      network.start(i);
    }
    for (int i = 0; i < FRESH; i++) {
      network.awaitReady(i);
    }
  }

  @AfterEach
  void stop() {
    network.close();
  }

  /** Until there are so many blocks. */
  private void makeBlocks(int height) throws Exception {
    while (ledger(0).checkpoint().height() < height) {
      Transaction transaction = network.transaction();
      assertThat(network.submit(0, transaction, "?wait=executed").statusCode()).isEqualTo(200);
    }
  }

  private Ledger ledger(int index) {
    return network.node(index).ledger();
  }

  private static String snapshots(long... heights) {
    return "{\"snapshots\":["
        + String.join(",", java.util.Arrays.stream(heights).mapToObj(Long::toString).toList())
        + "]}";
  }

  private void awaitSnapshots(int index, long... heights) {
    await()
        .atMost(TestNetwork.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(network.get(index, "/api/v1/snapshots").body())
                    .isEqualTo(snapshots(heights)));
  }

  /** Fetches the snapshot of node 0 into the folder of another, as an operator would. */
  private void restore(int index, long height) throws Exception {
    Manifest manifest =
        Decoder.decode(network.bytes(0, "/api/v1/snapshots/" + height), Manifest::decode);
    assertThat(manifest.check(network.chain(), SignatureVerifier.ED25519))
        .isEqualTo(Verdict.valid());
    try (LevelDbStore store =
        LevelDbStore.open(network.config(index).dataDir().resolve("ledger"))) {
      SnapshotRestore restore = SnapshotRestore.begin(store, manifest);
      for (int i = 0; i < manifest.chunks().size(); i++) {
        restore.add(i, network.bytes(0, "/api/v1/snapshots/" + height + "/chunks/" + i));
      }
      restore.finish(network.chain());
    }
  }

  private void awaitTogether() throws Exception {
    long before = ledger(0).checkpoint().height();
    network.submitMany(20);
    await()
        .atMost(TestNetwork.PATIENCE)
        .until(() -> ledger(0).checkpoint().height() > before && network.pending() == 0);
    await()
        .atMost(TestNetwork.PATIENCE)
        .untilAsserted(
            () -> assertThat(ledger(FRESH).checkpoint()).isEqualTo(ledger(0).checkpoint()));
  }

  @Test
  void snapshotsAreTakenAndOldTransactionsDropped() throws Exception {
    makeBlocks(47);
    for (int i = 0; i < FRESH; i++) {
      int index = i;
      awaitSnapshots(i, 30, 40);
      await()
          .atMost(TestNetwork.PATIENCE)
          .untilAsserted(() -> assertThat(ledger(index).transactionsFrom()).isEqualTo(31));
    }
    assertThat(ledger(0).block(30)).isEmpty();
    assertThat(ledger(0).header(30)).isPresent();
    assertThat(ledger(0).checkpointCertificate(30)).isPresent();
    assertThat(ledger(0).block(31)).isPresent();
    assertThat(network.get(0, "/api/v1/blocks/30").body()).contains("keeps those from block 31 on");
    assertThat(network.get(0, "/api/v1/blocks/30").statusCode()).isEqualTo(410);
    assertThat(network.get(0, "/api/v1/headers?from=1&to=47").statusCode()).isEqualTo(200);
    assertThat(network.get(0, "/api/v1/blocks/31").statusCode()).isEqualTo(200);
    assertThat(network.get(0, "/api/v1/blocks/7/certificate").statusCode()).isEqualTo(200);
    assertThat(network.metric(0, "quorate_snapshot_height")).isEqualTo(40);
    assertThat(network.metric(0, "quorate_transactions_kept_from")).isEqualTo(31);
    assertThat(network.metric(0, "quorate_history_failures_total")).isZero();
  }

  @Test
  void freshNodeBeginsWithASnapshotAndTakesPart() throws Exception {
    makeBlocks(33);
    awaitSnapshots(0, 20, 30);
    Node.init(network.config(FRESH));
    restore(FRESH, 30);
    network.startAsItIs(FRESH);
    network.awaitReady(FRESH);
    awaitTogether();
    assertThat(ledger(FRESH).headersFrom()).isEqualTo(30);
    assertThat(network.get(FRESH, "/api/v1/headers?from=29").body())
        .contains("urn:quorate:problem:gone", "it has headers from block 30 on");
    assertThat(network.get(FRESH, "/api/v1/headers?from=30").statusCode()).isEqualTo(200);
    long last = ledger(FRESH).checkpoint().height();
    assertThat(ledger(FRESH).block(last).map(CommittedBlock::block))
        .isPresent()
        .isEqualTo(ledger(0).block(last).map(CommittedBlock::block));

    network.stop(FRESH);
    makeBlocks((int) ledger(0).checkpoint().height() + 3);
    network.startAsItIs(FRESH);
    network.awaitReady(FRESH);
    network.stop(1); // now the others need it
    awaitTogether();
  }

  @Test
  void nodeThatWasAwayForTooLongGoesOnFromASnapshotWithTheJournalItHas() throws Exception {
    network.start(FRESH);
    network.awaitReady(FRESH);
    makeBlocks(8);
    network.stop(FRESH);
    makeBlocks(47);
    awaitSnapshots(0, 30, 40);
    await()
        .atMost(TestNetwork.PATIENCE)
        .untilAsserted(() -> assertThat(ledger(2).transactionsFrom()).isEqualTo(31));
    remove(network.config(FRESH).dataDir().resolve("ledger"));
    restore(FRESH, 40);
    network.startAsItIs(FRESH);
    network.awaitReady(FRESH);
    network.stop(1);
    awaitTogether();
  }

  private static void remove(Path ledger) throws Exception {
    try (Stream<Path> files = Files.list(ledger)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /** An operator whose disk is nearly full has no other way: no new one is taken then. */
  @Test
  void snapshotsThatAreNotToBeKeptAnyMoreGoAtTheStart() throws Exception {
    makeBlocks(21);
    awaitSnapshots(0, 10, 20);
    network.stop(0);
    network.keep(new StorageOptions(16, INTERVAL, 1, 0, 0, true));
    network.startAsItIs(0);
    awaitSnapshots(0, 20);
  }

  @Test
  void snapshotsSurviveARestartAndDamagedOnesAreNotServed() throws Exception {
    makeBlocks(21);
    awaitSnapshots(0, 10, 20);
    network.stop(0);
    Path chunk = network.config(0).dataDir().resolve("snapshots").resolve("10").resolve("0");
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[bytes.length - 1] ^= 1;
    Files.write(chunk, bytes);
    network.startAsItIs(0);
    awaitSnapshots(0, 10, 20);
    assertThat(network.get(0, "/api/v1/snapshots/10/chunks/0").statusCode()).isEqualTo(404);
    assertThat(network.get(0, "/api/v1/snapshots/20/chunks/0").statusCode()).isEqualTo(200);
    assertThat(network.get(0, "/api/v1/snapshots/20/chunks/1").statusCode()).isEqualTo(404);
    assertThat(network.get(0, "/api/v1/snapshots/x").statusCode()).isEqualTo(400);
    awaitSnapshots(0, 20);
  }
}
