package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.genesis.StorageOptions;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.store.BitFlips;
import org.quorate.ledger.store.LevelDbStore;

/** Bits flip on the disk of one of four nodes, in old blocks: it gets them back from the others. */
@Timeout(180)
final class DamageTest {
  private static final int DAMAGED = 2;
  private static final int BLOCKS = 80;
  private static final int OLD = 20;

  @TempDir private Path folder;
  private TestNetwork network;

  @BeforeEach
  void fourNodesWithSomeBlocks() throws Exception {
    network = new TestNetwork(folder, 4);
    network.startAll();
    while (ledger(0).checkpoint().height() < BLOCKS) {
      Transaction transaction = network.transaction();
      assertThat(network.submit(0, transaction, "?wait=executed").statusCode()).isEqualTo(200);
    }
    await()
        .atMost(TestNetwork.PATIENCE)
        .until(() -> ledger(DAMAGED).checkpointCertificate(BLOCKS).isPresent());
  }

  @AfterEach
  void stop() {
    network.close();
  }

  private Ledger ledger(int index) {
    return network.node(index).ledger();
  }

  /** Ends the node; LevelDB makes tables of its log when it opens it the next time. */
  private Path stopped() {
    network.stop(DAMAGED);
    Path ledgerFolder = network.config(DAMAGED).dataDir().resolve("ledger");
    LevelDbStore.open(ledgerFolder).close();
    return ledgerFolder;
  }

  private String path(long height) {
    return "/api/v1/blocks/" + height;
  }

  /** Asks until the answer is that of the node that was never damaged. */
  private void awaitRepaired(String path) throws Exception {
    String right = network.get(0, path).body();
    await()
        .atMost(TestNetwork.PATIENCE)
        .untilAsserted(() -> assertThat(network.get(DAMAGED, path).body()).isEqualTo(right));
  }

  private void assertDamaged(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("urn:quorate:problem:damaged", "ask another node");
  }

  private void assertGoesOn() throws Exception {
    network.stop(1); // now the others need it
    network.awaitExecuted(network.submitMany(5));
    network.assertSameChain();
  }

  @Test
  void transactionsOfAnOldBlockComeBackFromTheOthers() throws Exception {
    byte[] transactions =
        new Encoder()
            .list(ledger(DAMAGED).block(OLD).orElseThrow().block().transactions())
            .toBytes();
    BitFlips.flip(stopped(), transactions);
    network.startAsItIs(DAMAGED);
    network.awaitReady(DAMAGED);

    HttpResponse<String> first = network.get(DAMAGED, path(OLD));
    assertDamaged(first);
    assertThat(first.body()).contains("block " + OLD, "is being fetched");
    awaitRepaired(path(OLD));
    assertThat(network.metric(DAMAGED, "quorate_damage_found_total")).isPositive();
    assertThat(network.metric(DAMAGED, "quorate_damage_repaired_total")).isPositive();
    for (long height = 1; height <= BLOCKS; height++) { // some share the checksum
      awaitRepaired(path(height));
    }
    assertGoesOn();

    network.stop(DAMAGED);
    network.startAsItIs(DAMAGED);
    assertThat(network.get(DAMAGED, path(OLD)).statusCode()).isEqualTo(200);
  }

  @Test
  void certificatesOfAnOldBlockComeBackToo() throws Exception {
    Transaction transaction =
        ledger(DAMAGED).block(OLD).orElseThrow().block().transactions().get(0);
    String proof = "/api/v1/transactions/" + transaction.hash() + "/proof";
    byte[] commit = ledger(DAMAGED).header(OLD).orElseThrow().encoded();
    byte[] certificate = ledger(DAMAGED).checkpointCertificate(OLD).orElseThrow().encoded();
    Path ledgerFolder = stopped();
    BitFlips.flip(ledgerFolder, commit);
    BitFlips.flip(ledgerFolder, certificate);
    network.startAsItIs(DAMAGED);
    network.awaitReady(DAMAGED);

    assertDamaged(network.get(DAMAGED, proof));
    await()
        .atMost(TestNetwork.PATIENCE)
        .untilAsserted(() -> assertThat(network.get(DAMAGED, proof).statusCode()).isEqualTo(200));
    assertThat(network.get(DAMAGED, path(OLD) + "/certificate").statusCode()).isEqualTo(200);
    assertGoesOn();
  }

  @Test
  void damagedBlockThatNobodyReadsIsFoundAndRepaired() throws Exception {
    byte[] commit = ledger(DAMAGED).header(OLD).orElseThrow().encoded();
    BitFlips.flip(stopped(), commit);
    network.keep(new StorageOptions(192, 0, 2, 0, 1, true));
    network.startAsItIs(DAMAGED);
    await()
        .atMost(TestNetwork.PATIENCE)
        .until(() -> network.metric(DAMAGED, "quorate_damage_repaired_total") > 0);
    await()
        .atMost(TestNetwork.PATIENCE)
        .until(() -> network.metric(DAMAGED, "quorate_scrubs_total") > 0);
    assertThat(network.get(DAMAGED, path(OLD)).body()).isEqualTo(network.get(0, path(OLD)).body());
  }
}
