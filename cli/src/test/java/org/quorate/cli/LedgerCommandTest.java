package org.quorate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.snapshot.SnapshotFolder;
import org.quorate.ledger.snapshot.SnapshotRestore;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;
import org.quorate.ledger.store.Table;
import org.quorate.node.storage.DataFolder;

@Timeout(180)
final class LedgerCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BLOCKS = 200;

  @TempDir Path folder;
  private StoppedNodes nodes;

  @BeforeEach
  void makeNetwork() throws Exception {
    nodes = new StoppedNodes(folder.resolve("net"));
  }

  private Run verify(int node, Object... more) {
    return Run.quorate(
        Stream.concat(Stream.of("ledger", "verify", nodes.node(node)), Stream.of(more)).toArray());
  }

  // A network that ran.

  @Test
  void ledgersOfNodesThatRanAreSoundAndOneChain() throws Exception {
    Path network = folder.resolve("net");
    RunOptions options = new RunOptions("128m", List.of(), RunOptions.DEFAULTS.readyTimeout());
    try (RunningNetwork running = RunningNetwork.start(network, options)) {
      for (int i = 0; i < 5; i++) {
        Run put =
            Run.quorate("tx", "put", "alice/" + i, "v", "--network", network, "--client", "alice");
        assertThat(put.status()).as(put.err()).isZero();
      }
      Run refused = verify(0);
      assertThat(refused.status()).isEqualTo(4);
      assertThat(refused.err()).contains("is in use by another process, " + running.pid(0));
    }
    for (int node = 0; node < StoppedNodes.NODES; node++) {
      Run run = verify(node);
      assertThat(run.status()).as(run.err()).isZero();
      assertThat(run.out()).startsWith("All is sound, against the genesis file alone.");
      assertThat(nodes.node(node).resolve("data.audit")).doesNotExist();
      Run diff = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(node));
      assertThat(diff.status()).as(diff.err()).isEqualTo(node == 0 ? 4 : 0);
    }
    Run inspect = Run.quorate("ledger", "inspect", nodes.node(1), "--key", "alice/3");
    assertThat(inspect.out()).isEqualTo("v\n");
  }

  // verify

  @Test
  void soundLedgerIsToldToPeopleAndToPrograms() throws Exception {
    nodes.addBlocks(0, 20, 3, "v");
    Run run = verify(0);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("height        20\n", "transactions  60\n", "stable up to 20");
    Run data = Run.quorate("ledger", "verify", nodes.data(0), "--format", "json");
    JsonNode json = JSON.readTree(data.out());
    assertThat(json.get("sound").booleanValue()).isTrue();
    assertThat(json.get("height").intValue()).isEqualTo(20);
    assertThat(json.get("state_entries").intValue()).isEqualTo(61);
  }

  @Test
  void damageEndsWithThreeAndNamesHeightAndKey() throws Exception {
    nodes.addBlocks(0, 20, 3, "v");
    nodes.change(0, new Batch().delete(Table.RECEIPTS.key(7)));
    Run run = verify(0, "--format", "json");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("is not sound: height 7, key r0000000000000007: the entry is missing");
    JsonNode json = JSON.readTree(run.out());
    assertThat(json.get("sound").booleanValue()).isFalse();
    assertThat(json.get("height").intValue()).isEqualTo(7);
    assertThat(json.get("key").textValue()).isEqualTo("r0000000000000007");
  }

  @Test
  void auditGoesOnWhereItStoodAndRemovesItsFolderWhenAllIsWell() throws Exception {
    nodes.addBlocks(0, BLOCKS, 1, "v");
    Path work = nodes.node(0).resolve("data.audit");
    Run first = verify(0, "--blocks", 100);
    assertThat(first.status()).isEqualTo(1);
    assertThat(first.err()).contains("stopped after block 128");
    assertThat(work).isDirectory();
    Run second = verify(0);
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.err()).contains("going on after block 128", "72 blocks in");
    assertThat(work).doesNotExist();
  }

  @Test
  void auditOfAnotherTipIsBegunAnewWithANoteAndOneCanBeRestarted() throws Exception {
    nodes.addBlocks(0, BLOCKS, 1, "v");
    verify(0, "--blocks", 100);
    nodes.addBlocks(0, 1, 1, "v");
    Run anew = verify(0, "--blocks", 100);
    assertThat(anew.err()).contains("beginning anew", "the ledger's last block was 200:");
    Run restarted = verify(0, "--restart");
    assertThat(restarted.status()).isZero();
    assertThat(restarted.err()).contains("201 blocks in");
  }

  @Test
  void prunedLedgerIsExecutedFromItsSnapshotOrSaidNotToBe() throws Exception {
    nodes.addBlocks(0, 10, 2, "v");
    Run create = Run.quorate("snapshot", "create", nodes.node(0));
    assertThat(create.status()).as(create.err()).isZero();
    nodes.addBlocks(0, 10, 2, "w");
    nodes.prune(0, 8);
    Run run = verify(0);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("All is sound, against the genesis file alone.\n")
        .contains(
            "kept          headers from height 1, transactions from height 8\n",
            "blocks        re-executed from the snapshot at height 10\n",
            "transactions  26\n");
    JsonNode json = JSON.readTree(verify(0, "--format", "json").out());
    assertThat(json.get("re_executed_from").intValue()).isEqualTo(10);
    assertThat(json.get("transactions_from").intValue()).isEqualTo(8);

    Files.write(nodes.data(0).resolve("snapshots/10/0"), new byte[3]);
    Run without = verify(0);
    assertThat(without.status()).as(without.err()).isZero();
    assertThat(without.err()).contains("the snapshot of height 10 is of no use: ");
    assertThat(without.out())
        .startsWith("All that is kept is sound, ")
        .contains("blocks        not re-executed: no snapshot to begin with", "f+1 have signed");
    assertThat(JSON.readTree(verify(0, "--format", "json").out()).get("re_executed_from").isNull())
        .isTrue();
  }

  @Test
  void ledgerThatBeganWithASnapshotIsVerifiedAndStopsAndGoesOn() throws Exception {
    nodes.addBlocks(0, 100, 1, "v");
    nodes.beginWithSnapshotOf(0, 1);
    nodes.addBlocks(1, BLOCKS, 1, "v");
    Run first = verify(1, "--blocks", 100);
    assertThat(first.err()).contains("stopped after block 228");
    Run second = verify(1);
    assertThat(second.status()).as(second.err()).isZero();
    assertThat(second.out()).contains("headers from height 100, transactions from height 101\n");
    assertThat(second.err()).contains("going on after block 228", "72 blocks in");
  }

  @Test
  void storeIntoWhichASnapshotIsOnItsWayIsCalledSo() throws Exception {
    nodes.addBlocks(0, 5, 1, "v");
    Run.quorate("snapshot", "create", nodes.node(0));
    try (LevelDbStore store = LevelDbStore.open(nodes.data(1).resolve("ledger"))) {
      SnapshotFolder snapshots = SnapshotFolder.view(nodes.data(0).resolve("snapshots"));
      SnapshotRestore.begin(store, snapshots.manifest(5).orElseThrow());
    }
    Run verify = verify(1);
    assertThat(verify.status()).isEqualTo(1);
    assertThat(verify.err())
        .contains("there is no ledger yet", "a snapshot of height 5", "0 of its 1 chunks");
    for (Run run :
        List.of(
            Run.quorate("ledger", "inspect", nodes.node(1)),
            Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1)))) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("there is no ledger yet", "a snapshot is on its way");
    }
  }

  @Test
  void folderOfSomethingElseIsNotUsedAndNotRemoved() throws Exception {
    nodes.addBlocks(0, 3, 1, "v");
    Path other = Files.createDirectory(folder.resolve("photos"));
    Files.createFile(other.resolve("cat.jpg"));
    Run run = verify(0, "--work", other);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("holds something else than an audit");
    assertThat(other.resolve("cat.jpg")).exists();
  }

  @Test
  void whatIsNoDataFolderOrInUseOrOfAnotherChainIsRefused() throws Exception {
    Run none = Run.quorate("ledger", "verify", folder, "--genesis", nodes.genesis());
    assertThat(none.status()).isEqualTo(4);
    assertThat(none.err()).contains("is no data folder");
    Run unnamed = Run.quorate("ledger", "verify", folder);
    assertThat(unnamed.status()).isEqualTo(2);
    assertThat(unnamed.err()).contains("--genesis FILE");
    StoppedNodes others = new StoppedNodes(folder.resolve("others"));
    Run foreign = Run.quorate("ledger", "verify", nodes.node(0), "--genesis", others.genesis());
    assertThat(foreign.status()).isEqualTo(4);
    assertThat(foreign.err()).contains("belongs to another chain");
    DataFolder held = DataFolder.openForAudit(nodes.data(0), nodes.chain());
    Run inUse = verify(0);
    held.close();
    assertThat(inUse.status()).isEqualTo(4);
    assertThat(inUse.err()).contains("is in use");
  }

  @Test
  void storeThatCannotBeOpenedIsDamaged() throws Exception {
    nodes.addBlocks(0, 3, 1, "v");
    Files.delete(nodes.data(0).resolve("ledger/CURRENT"));
    Run run = verify(0);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("the ledger is damaged: ");
    // And a node that shall not repair it does not make a new one of it.
    nodes.leaveRepairToTheOperator(0);
    Run start = Run.quorate("node", "start", "--dir", nodes.node(0));
    assertThat(start.status()).isEqualTo(4);
    assertThat(start.err()).contains("no file CURRENT");
  }

  // inspect

  @Test
  void ledgerIsInspectedAsAWholeByBlockAndByKey() throws Exception {
    nodes.addBlocks(0, 20, 3, "v");
    Run all = Run.quorate("ledger", "inspect", nodes.node(0));
    assertThat(all.out())
        .contains("height       20\n", "stable       20\n", "block 20 ")
        .containsPattern("transactions +20 +[0-9]+ +1 to 20\n")
        .containsPattern("checkpoint +21 +[0-9]+ +0 to 20\n");
    JsonNode json =
        JSON.readTree(Run.quorate("ledger", "inspect", nodes.node(0), "--format", "json").out());
    assertThat(json.get("last_blocks")).hasSize(5);
    Run block = Run.quorate("ledger", "inspect", nodes.node(0), "--height", 7);
    assertThat(block.out()).contains("height        7\n", "committed     by node0, node1, node2");
    assertThat(block.out().lines().filter(line -> line.endsWith("  executed"))).hasSize(3);
    assertThat(Run.quorate("ledger", "inspect", nodes.node(0), "--height", 0).status()).isZero();
    assertThat(Run.quorate("ledger", "inspect", nodes.node(0), "--height", 21).status())
        .isEqualTo(1);
    assertThat(Run.quorate("ledger", "inspect", nodes.node(0), "--key", "alice/9").out())
        .isEqualTo("v\n");
    Run absent = Run.quorate("ledger", "inspect", nodes.node(0), "--key", "alice/no");
    assertThat(absent.status()).isEqualTo(1);
    assertThat(absent.err()).contains("is absent");
  }

  @Test
  void whatIsKeptIsShownAndDroppedTransactionsAreCalledSo() throws Exception {
    nodes.addBlocks(0, 20, 3, "v");
    nodes.prune(0, 8);
    Run all = Run.quorate("ledger", "inspect", nodes.node(0));
    assertThat(all.out())
        .contains("kept         headers from height 1, transactions from height 8\n");
    Run dropped = Run.quorate("ledger", "inspect", nodes.node(0), "--height", 7);
    assertThat(dropped.status()).as(dropped.err()).isZero();
    assertThat(dropped.out())
        .contains(
            "committed     by node0, node1, node2",
            "executed      by node0, node1, node2",
            "transactions  3, which were dropped with their receipts\n");
    JsonNode json =
        JSON.readTree(
            Run.quorate("ledger", "inspect", nodes.node(0), "--height", 7, "--format", "json")
                .out());
    assertThat(json.get("transactions_kept").booleanValue()).isFalse();

    nodes.beginWithSnapshotOf(0, 1);
    Run begun = Run.quorate("ledger", "inspect", nodes.node(1), "--format", "json");
    assertThat(begun.status()).as(begun.err()).isZero();
    JsonNode kept = JSON.readTree(begun.out());
    assertThat(kept.get("headers_from").intValue()).isEqualTo(20);
    assertThat(kept.get("last_blocks")).hasSize(1);
    for (int height : new int[] {0, 19}) {
      Run below = Run.quorate("ledger", "inspect", nodes.node(1), "--height", height);
      assertThat(below.status()).isEqualTo(1);
      assertThat(below.err()).contains("it began with a snapshot of block 20");
    }
  }

  // export

  @Test
  void blocksWhoseTransactionsWereDroppedAreNotExported() throws Exception {
    nodes.addBlocks(0, 20, 1, "v");
    nodes.prune(0, 8);
    Path file = folder.resolve("blocks.jsonl");
    for (Run run :
        List.of(
            Run.quorate("ledger", "export", nodes.node(0), "-o", file),
            Run.quorate("ledger", "export", nodes.node(0), "--from", 7, "-o", file))) {
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains("there are those of the blocks 8 to 20");
    }
    assertThat(file).doesNotExist();
    Run run = Run.quorate("ledger", "export", nodes.node(0), "--from", 8, "-o", file);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readAllLines(file)).hasSize(14);
    nodes.beginWithSnapshotOf(0, 1);
    Run none = Run.quorate("ledger", "export", nodes.node(1), "-o", folder.resolve("none"));
    assertThat(none.err()).contains("there are those of no block");
  }

  @Test
  void exportedBlocksAreThoseOfTheLedgerAndTheSameEachTime() throws Exception {
    nodes.addBlocks(0, 10, 2, "v");
    Path file = folder.resolve("blocks.jsonl");
    Run run = Run.quorate("ledger", "export", nodes.node(0), "--from", 3, "--to", 5, "-o", file);
    assertThat(run.status()).as(run.err()).isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0))
        .isEqualTo(
            "{\"format\":\"quorate-blocks/1\",\"chain_hash\":\"%s\",\"from\":3,\"to\":5}"
                .formatted(nodes.chain().chainHash().hex()));
    CommittedBlock block =
        Decoder.decode(
            Hex.decode(JSON.readTree(lines.get(1)).get("committed_block").textValue()),
            CommittedBlock::decode);
    assertThat(block.block().height()).isEqualTo(3);
    byte[] before = Files.readAllBytes(file);
    assertThat(
            Run.quorate("ledger", "export", nodes.node(0), "--from", 3, "--to", 5, "-o", file)
                .status())
        .isEqualTo(1);
    Run.quorate("ledger", "export", nodes.node(0), "--from", 3, "--to", 5, "-o", file, "--force");
    assertThat(file).hasBinaryContent(before);
    assertThat(folder.resolve("blocks.jsonl.new")).doesNotExist();
    assertThat(
            Run.quorate("ledger", "export", nodes.node(0), "--to", 11, "-o", folder.resolve("no"))
                .status())
        .isEqualTo(2);
  }

  @Test
  void exportedStateHasEachKeyOnce() throws Exception {
    nodes.addBlocks(0, 10, 2, "v");
    Path file = folder.resolve("state.jsonl");
    assertThat(Run.quorate("ledger", "export", nodes.node(0), "--state", "-o", file).status())
        .isZero();
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(22);
    assertThat(lines.get(0)).contains("\"format\":\"quorate-state/1\"", "\"height\":10");
    assertThat(lines)
        .contains(
            "{\"namespaced_key\":\"00%s\",\"value\":\"76\"}"
                .formatted(Hex.encode("alice/7".getBytes(UTF_8))));
  }

  // diff

  @Test
  void ledgersThatAreEqualOrOneTheBeginningOfTheOtherAreToldApart() throws Exception {
    nodes.addBlocks(0, 5, 2, "v");
    nodes.addBlocks(1, 5, 2, "v");
    Run equal = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(equal.status()).as(equal.err()).isZero();
    assertThat(equal.out()).startsWith("Equal: both end with block 5, ");
    nodes.addBlocks(1, 3, 2, "v");
    Run prefix = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(prefix.status()).isZero();
    assertThat(prefix.out())
        .isEqualTo("A is the beginning of B: it ends with block 5, the other goes on to block 8\n");
  }

  @Test
  void ledgersAreComparedFromTheHighestBeginningOn() throws Exception {
    nodes.addBlocks(0, 5, 2, "v");
    nodes.addBlocks(2, 3, 2, "v");
    nodes.beginWithSnapshotOf(0, 1);
    Run equal = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(equal.status()).as(equal.err()).isZero();
    assertThat(equal.out())
        .startsWith("Equal: both end with block 5, ")
        .contains("\nCompared from block 5 on: ");
    Run apart = Run.quorate("ledger", "diff", nodes.node(1), nodes.node(2));
    assertThat(apart.status()).isEqualTo(1);
    assertThat(apart.err())
        .contains("nothing to compare: B ends with block 3", "a snapshot of block 5");
    nodes.addBlocks(1, 2, 2, "v");
    Run prefix = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(prefix.out()).contains("A is the beginning of B", "Compared from block 5 on");
    nodes.addBlocks(0, 2, 2, "w");
    nodes.prune(0, 7);
    Run diverged = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(diverged.status()).isEqualTo(3);
    assertThat(diverged.out())
        .contains(
            "They diverge at height 6.\nCompared from block 5 on",
            "Which transaction differs cannot be told");
  }

  @Test
  void ledgersThatDivergeEndWithThreeAndTheFirstDifference() throws Exception {
    for (int node = 0; node < 2; node++) {
      nodes.addBlocks(node, 5, 2, "v");
      nodes.addBlocks(node, 2, 2, node == 0 ? "v" : "w");
    }
    Run blocks = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1));
    assertThat(blocks.status()).isEqualTo(3);
    assertThat(blocks.out())
        .contains(
            "They diverge at height 6.\n",
            "The first transaction that differs is number 0 (from 0).",
            "differ at 4 keys.",
            "A has \"v\", B has \"w\"");

    try (LevelDbStore store = LevelDbStore.open(nodes.data(0).resolve("ledger"))) {
      byte[] receipts = store.get(Table.RECEIPTS.key(3)).orElseThrow();
      receipts[receipts.length - 2] = 1; // the outcome of the last
      byte[] checkpoint = store.get(Table.CHECKPOINT.key(3)).orElseThrow();
      checkpoint[50] ^= 1; // of the receipts root
      store.write(
          new Batch().put(Table.RECEIPTS.key(3), receipts).put(Table.CHECKPOINT.key(3), checkpoint),
          true);
    }
    Run results = Run.quorate("ledger", "diff", nodes.node(0), nodes.node(1), "--format", "json");
    assertThat(results.status()).isEqualTo(3);
    JsonNode json = JSON.readTree(results.out());
    assertThat(json.get("height").intValue()).isEqualTo(3);
    assertThat(json.get("differs").textValue()).isEqualTo("result");
    assertThat(json.get("receipt_index").intValue()).isEqualTo(1);
    assertThat(json.get("state_differences").intValue()).isEqualTo(4);
  }
}
