package org.quorate.ledger.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
  @TempDir private Path folder;

  @Test
  void fileIsMadeAndReplaced() throws IOException {
    Path file = folder.resolve("file");
    WholeFile.replace(file, new byte[] {1, 2, 3});
    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
    WholeFile.replace(file, new byte[] {4});
    assertThat(file).hasBinaryContent(new byte[] {4});
    assertNothingElse(file);
  }

  @Test
  void whatACrashLeftBehindIsOverwritten() throws IOException {
    Path file = folder.resolve("file");
    Files.write(folder.resolve("file" + WholeFile.UNFINISHED), new byte[100]);
    WholeFile.replace(file, new byte[] {1});
    assertThat(file).hasBinaryContent(new byte[] {1});
    assertNothingElse(file);
  }

  @Test
  void fileThatCannotBeReplacedStays() throws IOException {
    Path file = folder.resolve("file");
    WholeFile.replace(file, new byte[] {1});
    Files.createDirectory(folder.resolve("file" + WholeFile.UNFINISHED)); // in the way
    assertThatThrownBy(() -> WholeFile.replace(file, new byte[] {2}))
        .isInstanceOf(FileSystemException.class);
    assertThat(file).hasBinaryContent(new byte[] {1});
  }

  private void assertNothingElse(Path file) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
