package org.quorate.node.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  @TempDir private Path directory;

  /** A folder on the disk that counts, and fails when told to. */
  private final class CountingDisk implements Disk {
    private final Disk real = new FolderOnDisk(directory);
    int forces;
    boolean fails;
    boolean losesRename;

    private DiskFile counting(DiskFile file) {
      return new CountingFile(this, file);
    }

    private void force() throws IOException {
      if (fails) {
        throw new IOException("input/output error");
      }
      forces++;
    }

    @Override
    public int extentBytes() {
      return real.extentBytes();
    }

    @Override
    public long unique() {
      return real.unique();
    }

    @Override
    public boolean exists(String name) throws IOException {
      return real.exists(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
      return counting(real.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
      return counting(real.create(name));
    }

    @Override
    public void delete(String name) throws IOException {
      real.delete(name);
    }

    @Override
    public void replace(String from, String to) throws IOException {
      if (losesRename) {
        throw new IOException("power lost");
      }
      real.replace(from, to);
    }

    @Override
    public void syncNames() throws IOException {
      force();
      real.syncNames();
    }
  }

  private record CountingFile(CountingDisk disk, Disk.DiskFile real) implements Disk.DiskFile {
    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
      return real.read(to, position);
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      return real.write(from, position);
    }

    @Override
    public void truncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      disk.force();
      real.force(metadata);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static List<byte[]> list(String... texts) {
    List<byte[]> list = new ArrayList<>();
    for (String text : texts) {
      list.add(bytes(text));
    }
    return list;
  }

  private List<String> texts() throws Exception {
    Journal.Opened opened = Journal.open(directory);
    opened.journal().close();
    return opened.records().stream().map(record -> new String(record, UTF_8)).toList();
  }

  private Path file() {
    return directory.resolve("journal");
  }

  @Test
  void aNewJournalIsEmpty() throws Exception {
    Journal.Opened opened = Journal.open(directory);
    assertThat(opened.records()).isEmpty();
    assertThat(opened.torn()).isFalse();
    opened.journal().close();
    assertThat(texts()).isEmpty();
  }

  @Test
  void whatWasAppendedIsThereInOrderAfterReopening() throws Exception {
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(list("a", "b"));
      journal.append(List.of());
      journal.append(list("", "c"));
    }
    assertThat(texts()).containsExactly("a", "b", "", "c");
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(list("d"));
    }
    assertThat(texts()).containsExactly("a", "b", "", "c", "d");
  }

  @Test
  void oneAppendOfManyRecordsIsExactlyOneSync() throws Exception {
    CountingDisk disk = new CountingDisk();
    try (Journal journal = Journal.open(disk).journal()) {
      int before = disk.forces;
      journal.append(list("a", "b", "c", "d"));
      assertThat(disk.forces - before).isEqualTo(1);
      journal.append(list("e"));
      assertThat(disk.forces - before).isEqualTo(2);
      journal.append(List.of());
      assertThat(disk.forces - before).isEqualTo(2);
    }
  }

  @Test
  void anAppendIntoPreallocatedSpaceDoesNotChangeTheFilesSize() throws Exception {
    try (Journal journal = Journal.open(directory).journal()) {
      long size = Files.size(file());
      journal.append(List.of(new byte[100_000]));
      assertThat(Files.size(file())).isEqualTo(size);
      assertThat(journal.bytes()).isBetween(100_000L, 100_200L).isLessThan(size);
    }
  }

  @Test
  void aJournalGrowsBeyondWhatWasPreallocated() throws Exception {
    byte[] record = new byte[Journal.RECORD_BYTES_MAX];
    new Random(1).nextBytes(record);
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(List.of(record));
      journal.append(list("after"));
      assertThat(Files.size(file())).isGreaterThan(journal.bytes());
    }
    Journal.Opened opened = Journal.open(directory);
    assertThat(opened.records()).hasSize(2);
    assertThat(opened.records().get(0)).isEqualTo(record);
    opened.journal().close();
  }

  @Test
  void aRewriteHoldsMoreThanOneAppendMay() throws Exception {
    byte[] record = new byte[Journal.RECORD_BYTES_MAX];
    int count = 1 + Journal.GROUP_BYTES_MAX / Journal.RECORD_BYTES_MAX;
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(list("before"));
      journal.rewrite(Collections.nCopies(count, record));
      journal.append(list("after"));
    }
    Journal.Opened opened = Journal.open(directory);
    assertThat(opened.records()).hasSize(count + 1);
    opened.journal().close();
  }

  @Test
  void aRecordAboveTheLimitIsRefusedAndTheJournalGoesOn() throws Exception {
    try (Journal journal = Journal.open(directory).journal()) {
      byte[] tooLong = new byte[Journal.RECORD_BYTES_MAX + 1];
      assertThatThrownBy(() -> journal.append(List.of(tooLong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("16777216");
      journal.append(list("a"));
    }
    assertThat(texts()).containsExactly("a");
  }

  @Test
  void afterAFailedSyncTheJournalRefusesToGoOn() throws Exception {
    CountingDisk disk = new CountingDisk();
    try (Journal journal = Journal.open(disk).journal()) {
      disk.fails = true;
      assertThatThrownBy(() -> journal.append(list("a")))
          .isInstanceOf(IOException.class)
          .hasMessage("input/output error");
      disk.fails = false;
      assertThatThrownBy(() -> journal.append(list("b")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("stop the node");
      assertThatThrownBy(() -> journal.rewrite(list("b")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("stop the node");
    }
  }

  @Test
  void aRewriteReplacesEverythingAndAppendsGoOnBehindIt() throws Exception {
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(List.of(new byte[50_000]));
      long before = journal.bytes();
      journal.rewrite(list("kept"));
      assertThat(journal.bytes()).isLessThan(before);
      journal.append(list("next"));
    }
    assertThat(texts()).containsExactly("kept", "next");
    try (Journal journal = Journal.open(directory).journal()) {
      journal.rewrite(List.of());
    }
    assertThat(texts()).isEmpty();
  }

  @Test
  void aCrashBeforeTheRenameOfARewriteLeavesTheOldJournal() throws Exception {
    CountingDisk disk = new CountingDisk();
    try (Journal journal = Journal.open(disk).journal()) {
      journal.append(list("old"));
      disk.losesRename = true;
      assertThatThrownBy(() -> journal.rewrite(list("new"))).hasMessage("power lost");
    }
    assertThat(directory.resolve("journal.new")).exists();
    assertThat(texts()).containsExactly("old");
    assertThat(directory.resolve("journal.new")).doesNotExist();
  }

  @Test
  void aHalfWrittenRewriteOfAnyLengthLeavesTheOldJournal() throws Exception {
    try (Journal journal = Journal.open(directory).journal()) {
      journal.append(list("old"));
    }
    byte[] whole = Files.readAllBytes(file());
    for (int length : new int[] {0, 1, 31, 32, 40, 80}) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      Files.write(directory.resolve("journal.new"), part);
      assertThat(texts()).as("journal.new of %d bytes", length).containsExactly("old");
    }
  }

  @Test
  void aCrashAfterTheRenameOfARewriteLeavesTheNewJournal() throws Exception {
    CountingDisk disk = new CountingDisk();
    try (Journal journal = Journal.open(disk).journal()) {
      journal.append(list("old"));
      int before = disk.forces;
      journal.rewrite(list("new"));
      assertThat(disk.forces - before)
          .as("the file before the rename, the folder after it")
          .isGreaterThanOrEqualTo(2);
    }
    assertThat(texts()).containsExactly("new");
  }

  @Test
  void theFirstJournalAppearsWholeOrNotAtAll() throws Exception {
    CountingDisk disk = new CountingDisk();
    disk.losesRename = true;
    assertThatThrownBy(() -> Journal.open(disk)).hasMessage("power lost");
    assertThat(file()).doesNotExist();
    assertThat(texts()).isEmpty();
  }
}
