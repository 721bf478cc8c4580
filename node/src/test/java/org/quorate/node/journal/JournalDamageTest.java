package org.quorate.node.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.node.journal.JournalFormat.GroupHeader;

/** What is read of files that a crash or a failing disk has left. */
final class JournalDamageTest {
  private static final String FIRST = "the first group, which was synced";

  @TempDir private Path directory;

  /** Header, a first group, a last group of several sectors; no zeros behind. */
  private byte[] written;

  private int lastAt;

  @BeforeEach
  void writeTwoGroups() throws Exception {
    byte[] body = new byte[1_500];
    new Random(7).nextBytes(body);
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(List.of(FIRST.getBytes(UTF_8)));
      lastAt = (int) journal.bytes();
      journal.append(List.of("small".getBytes(UTF_8), body));
      written = Arrays.copyOf(Files.readAllBytes(file()), (int) journal.bytes());
    }
  }

  private Path file() {
    return directory.resolve("journal");
  }

  /** The bytes, followed by zeros as in a preallocated file. */
  private void store(byte[] bytes, int zerosBehind) throws Exception {
    Files.deleteIfExists(file()); // a file that is cut and written anew is synced by ext4: slow
    Files.write(file(), Arrays.copyOf(bytes, bytes.length + zerosBehind));
  }

  /** Reads without the writing that follows in Journal.open: thousands of states are tried. */
  private JournalReader.Contents read() throws Exception {
    try (Disk.DiskFile opened = new FolderOnDisk(directory).open("journal")) {
      return new JournalReader(file().toString(), opened).read();
    }
  }

  private void assertOnlyTheFirstGroup(String state) throws Exception {
    JournalReader.Contents contents = read();
    assertThat(contents.records()).as(state).hasSize(1);
    assertThat(contents.records().get(0)).as(state).isEqualTo(FIRST.getBytes(UTF_8));
    assertThat(contents.end()).as(state).isEqualTo(lastAt);
  }

  private void assertDamaged(String state) throws Exception {
    try {
      JournalReader.Contents contents = read();
      fail(state + " was read as " + contents.records().size() + " records");
    } catch (JournalException e) {
      assertThat(e)
          .as(state)
          .hasMessageContaining(file().toString())
          .hasMessageContaining("at byte");
    }
  }

  @Test
  void anIntactFileIsReadWhole() throws Exception {
    store(written, 4_096);
    assertThat(read().records()).hasSize(3);
    assertThat(read().torn()).isFalse();
  }

  @Test
  void aFileThatEndsAnywhereInTheLastGroupLosesThatGroupAlone() throws Exception {
    for (int length = lastAt; length < written.length; length++) {
      store(Arrays.copyOf(written, length), 0);
      assertOnlyTheFirstGroup("cut at " + length);
      assertThat(read().torn()).isEqualTo(length > lastAt);
    }
  }

  @Test
  void aLastGroupWhoseEndIsStillZerosFromAnyByteOnIsDropped() throws Exception {
    for (int length = lastAt; length < written.length; length++) {
      store(Arrays.copyOf(written, length), written.length - length + 4_096);
      assertOnlyTheFirstGroup("zeros from " + length);
    }
  }

  @Test
  void aLastGroupThatLacksAnyOneOfItsSectorsIsDropped() throws Exception {
    for (int sector = lastAt / 512; sector <= (written.length - 1) / 512; sector++) {
      byte[] bytes = written.clone();
      int from = Math.max(lastAt, sector * 512);
      Arrays.fill(bytes, from, Math.min(bytes.length, (sector + 1) * 512), (byte) 0);
      store(bytes, 4_096);
      assertOnlyTheFirstGroup("without sector " + sector);
      assertThat(read().torn()).isTrue();
    }
  }

  @Test
  void aBitFlippedAnywhereIsRefused() throws Exception {
    Random random = new Random(11);
    for (int at = 0; at < written.length; at++) {
      byte[] bytes = written.clone();
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      store(bytes, 4_096);
      assertDamaged("a bit flipped at " + at);
    }
  }

  @Test
  void zerosInAGroupThatAnotherFollowsAreDamageNotATornEnd() throws Exception {
    for (int at = JournalFormat.FILE_HEADER_BYTES; at < lastAt; at++) {
      byte[] bytes = written.clone();
      Arrays.fill(bytes, at, lastAt, (byte) 0);
      store(bytes, 4_096);
      assertDamaged("zeros from " + at + " to the next group");
    }
  }

  @Test
  void aFileCutInItsHeaderIsRefused() throws Exception {
    for (int length = 0; length < JournalFormat.FILE_HEADER_BYTES; length++) {
      store(Arrays.copyOf(written, length), 0);
      assertDamaged("cut at " + length);
    }
  }

  @Test
  void anotherVersionIsRefusedByName() throws Exception {
    byte[] bytes = written.clone();
    bytes[19] = 2;
    ByteBuffer.wrap(bytes).putInt(28, JournalFormat.crc(bytes, 28));
    store(bytes, 0);
    assertThatThrownBy(this::read).hasMessageContaining("version 2");
  }

  @Test
  void aGroupOfAnotherFileIsNotTakenForOneOfThis() throws Exception {
    // A client's bytes may look like a group, but they cannot know the file's random number.
    byte[] body = new byte[600];
    new Random(3).nextBytes(body);
    GroupHeader foreign = new GroupHeader(4711, 99, 10, 1, 0);
    System.arraycopy(foreign.encoded(), 0, body, 400, JournalFormat.GROUP_HEADER_BYTES);
    byte[] bytes;
    int groupAt = lastAt;
    Files.delete(file());
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(List.of(FIRST.getBytes(UTF_8)));
      journal.append(List.of(body));
      bytes = Arrays.copyOf(Files.readAllBytes(file()), (int) journal.bytes());
    }
    Arrays.fill(bytes, groupAt, 512, (byte) 0);
    store(bytes, 4_096);
    assertOnlyTheFirstGroup("torn, with a foreign group inside");
  }

  @Test
  void afterATornGroupAppendsGoOnWhereItBegan() throws Exception {
    store(Arrays.copyOf(written, written.length - 1), 4_096);
    Journal.Opened opened = Journal.open(directory);
    assertThat(opened.torn()).isTrue();
    opened.journal().append(List.of("next".getBytes(UTF_8)));
    opened.journal().close();
    List<String> texts = new ArrayList<>();
    read().records().forEach(record -> texts.add(new String(record, UTF_8)));
    assertThat(texts).containsExactly(FIRST, "next");
    assertThat(read().torn()).isFalse();
  }

  @Test
  void aDamagedJournalIsNotOpenedAndNotChanged() throws Exception {
    byte[] bytes = written.clone();
    bytes[40] ^= 1;
    store(bytes, 0);
    assertThatThrownBy(() -> Journal.open(directory))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("Do not delete it");
    assertThat(Files.readAllBytes(file())).isEqualTo(bytes);
  }

  @Test
  void whateverIsDamagedWhatIsReadIsABeginningOfWhatWasWritten() throws Exception {
    Random random = new Random(23);
    store(written, 0);
    List<byte[]> all = read().records();
    for (int round = 0; round < 400; round++) {
      byte[] bytes = written.clone();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(700));
        if (random.nextBoolean()) {
          Arrays.fill(bytes, from, to, (byte) 0);
        } else {
          bytes[from] = (byte) random.nextInt();
        }
      }
      store(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)), random.nextInt(2_000));
      try {
        List<byte[]> records = read().records();
        assertThat(records.size()).as("round %d", round).isIn(0, 1, all.size());
        for (int i = 0; i < records.size(); i++) {
          assertThat(records.get(i)).as("round %d", round).isEqualTo(all.get(i));
        }
      } catch (JournalException e) {
        assertThat(e).hasMessageContaining("is damaged at byte");
      }
    }
  }
}
