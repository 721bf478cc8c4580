package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose folder is on a disk with little room; only root can make such a disk. */
@Timeout(60)
final class FullDiskTest {
  @TempDir Path folder;
  private Path disk;
  private Path node;
  private boolean mounted;

  @BeforeEach
  void nodeOnASmallDisk() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", disk.toString());
    assumeTrue(mounted, "no right to mount a disk");
    StoppedNodes nodes = new StoppedNodes(folder.resolve("net"));
    nodes.addBlocks(0, 3, 2, "value");
    node = disk.resolve("node0");
    copy(nodes.node(0), node);
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(from)) {
      all = walk.toList();
    }
    for (Path path : all) {
      Files.copy(path, to.resolve(from.relativize(path)));
    }
  }

  private static void assertRefused(int status, Object... command) {
    Run run = Run.quorate(command);
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    assertThat(run.err())
        .contains("MiB left, and 512 MiB must be free")
        .doesNotContain("damaged", "cannot be read", "gives");
  }

  @Test
  void fullDiskIsCalledThatAndNoDamage() throws Exception {
    Path other = disk.resolve("other");
    Files.write(other, new byte[150 << 20]);
    assertRefused(1, "node", "start", "--dir", node);
    assertRefused(1, "ledger", "inspect", node);
    assertRefused(1, "snapshot", "create", node);
    assertRefused(1, "snapshot", "restore", "--dir", node, "--replace");
    Run repair = Run.quorate("ledger", "repair", "--dir", node);
    assertThat(repair.status()).isEqualTo(1);
    assertThat(repair.err()).contains("MiB left, and 512 MiB must be free: as much as");

    Files.delete(other);
    assertThat(Run.quorate("ledger", "inspect", node).out()).contains("height       3");
  }
}
