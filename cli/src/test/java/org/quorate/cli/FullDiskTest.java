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
import org.junit.jupiter.api.io.TempDir;

/** A node whose folder is on a disk with little room; only root can make such a disk. */
final class FullDiskTest {
  @TempDir Path folder;
  private Path disk;
  private Path node;
  private boolean mounted;

  @BeforeEach
  void nodeOnASmallDisk() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", disk.toString());
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

  @Test
  void fullDiskIsCalledThatAndNoDamage() throws Exception {
    Files.write(disk.resolve("other"), new byte[40 << 20]);
    Run start = Run.quorate("node", "start", "--dir", node);
    assertThat(start.status()).isEqualTo(1);
    assertThat(start.err())
        .contains("the ledger in the data folder " + node.resolve("data") + " cannot be used: ")
        .contains("MiB left, and 64 MiB must be free")
        .doesNotContain("damaged");
    Run inspect = Run.quorate("ledger", "inspect", node);
    assertThat(inspect.status()).isEqualTo(1);
    assertThat(inspect.err())
        .contains("MiB left, and 64 MiB must be free")
        .doesNotContain("damaged");

    Files.delete(disk.resolve("other"));
    assertThat(Run.quorate("ledger", "inspect", node).out()).contains("height       3");
  }
}
