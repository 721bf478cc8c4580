package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RehearsalTest {
  @TempDir private Path folder;

  @Test
  void everyCommandOfTheRehearsalIsUnderstoodAndDoesItsPart() {
    Path example = Path.of("..", "genesis", "networks", "local-4", "genesis.json");
    for (List<String> command : Rehearsal.commands(example, folder.resolve("network"))) {
      Run run = Run.quorate(command.toArray());
      assertThat(run.status())
          .as(command + ": " + run.err())
          .isEqualTo(
              List.of("status", "tx").contains(command.get(0))
                  ? ExitCode.UNREACHABLE.status()
                  : ExitCode.OK.status());
    }
  }
}
