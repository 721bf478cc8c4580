package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.LevelDbStore;

/**
 * What a power cut leaves of a ledger on LevelDB: the folder is copied while the ledger is open, as
 * the disk would have it, and the end of the log is cut, blanked or changed.
 */
final class CrashTest {
  private static final int BLOCKS = 5;

  @TempDir private Path folder;
  private final TestChain chain = new TestChain();
  private final List<CommittedBlock> blocks = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();

  /** Where in the log each block's batch ends. */
  private final List<Integer> ends = new ArrayList<>();

  private byte[] log = {};
  private String logName = "";

  /** Five blocks, each of which takes several of the log's 32 KiB blocks. */
  @BeforeEach
  void writeBlocks() throws IOException, LedgerException {
    Path open = folder.resolve("open");
    try (Ledger ledger = Ledger.open(LevelDbStore.open(open), chain.spec())) {
      checkpoints.add(ledger.checkpoint());
      for (int i = 1; i <= BLOCKS; i++) {
        List<Transaction> transactions = new ArrayList<>();
        for (int nonce = 250 * i; nonce < 250 * (i + 1); nonce++) {
          transactions.add(chain.put(nonce, "key " + nonce, "value"));
        }
        blocks.add(chain.commit(chain.block(ledger.tipHeader(), transactions)));
        checkpoints.add(ledger.apply(blocks.get(i - 1)).checkpoint());
        readLog(open);
        ends.add(end(log));
      }
      copy(open, folder.resolve("crashed"));
    }
  }

  @Test
  void everyBlockThatWasAppliedIsThereAfterACrash() throws IOException, LedgerException {
    assertThat(reopenedHeight(log)).isEqualTo(BLOCKS);
  }

  @Test
  void crashInTheMiddleOfABlockLeavesTheOneBefore() throws IOException, LedgerException {
    Random random = new Random(1);
    int from = ends.get(BLOCKS - 2);
    for (int i = 0; i < 30; i++) {
      int at = i < 10 ? ends.get(BLOCKS - 1) - 1 - i : from + random.nextInt(log.length / 20);
      // The file ends there, or the rest of it never reached the disk, or arrived as garbage.
      assertThat(reopenedHeight(Arrays.copyOf(log, at))).isEqualTo(BLOCKS - 1L);
      byte[] blank = log.clone();
      Arrays.fill(blank, at, log.length, (byte) 0);
      assertThat(reopenedHeight(blank)).isEqualTo(BLOCKS - 1L);
      byte[] garbage = log.clone();
      for (int k = at; k < ends.get(BLOCKS - 1); k++) {
        garbage[k] ^= (byte) (1 + random.nextInt(255));
      }
      assertThat(reopenedHeight(garbage)).isEqualTo(BLOCKS - 1L);
    }
  }

  /** LevelDB drops the block and keeps those after it; the ledger must not. */
  @Test
  void blockThatIsLostBelowTheTipIsDamage() throws IOException {
    byte[] changed = log.clone();
    changed[(ends.get(1) + ends.get(2)) / 2] ^= 1;
    String message = "";
    try {
      reopenedHeight(changed);
    } catch (LedgerException e) {
      message = String.valueOf(e.getMessage());
    }
    assertThat(message).isEqualTo("the store is damaged: no checkpoint 3");
  }

  /** Opens a copy of the crashed ledger with this log, checks it, and goes on with it. */
  private long reopenedHeight(byte[] withLog) throws IOException, LedgerException {
    Path copy = Files.createTempDirectory(folder, "copy");
    copy(folder.resolve("crashed"), copy);
    Files.write(copy.resolve(logName), withLog);
    try (Ledger ledger = Ledger.open(LevelDbStore.open(copy), chain.spec())) {
      int height = (int) ledger.checkpoint().height();
      assertThat(ledger.checkpoint()).isEqualTo(checkpoints.get(height));
      for (int i = 1; i <= height; i++) {
        assertThat(ledger.block(i)).contains(blocks.get(i - 1));
      }
      for (int i = height; i < BLOCKS; i++) {
        assertThat(ledger.apply(blocks.get(i)).checkpoint()).isEqualTo(checkpoints.get(i + 1));
      }
      return height;
    }
  }

  private void readLog(Path open) throws IOException {
    try (Stream<Path> files = Files.list(open)) {
      Path file = files.filter(path -> path.toString().endsWith(".log")).findFirst().orElseThrow();
      logName = file.getFileName().toString();
      log = Files.readAllBytes(file);
    }
  }

  /** The log is longer than what was written: the rest is zeros. */
  private static int end(byte[] log) {
    int end = log.length;
    while (log[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Iterator<Path> each = files.iterator(); each.hasNext(); ) {
        Path file = each.next();
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
