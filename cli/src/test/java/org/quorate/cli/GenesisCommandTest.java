package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenesisCommandTest {
  private static final Path EXAMPLE =
      Path.of("..", "genesis", "networks", "local-4", "genesis.json");
  private static final String HASH =
      "8cf0bcd06b47b6c9a7996ba6443e668e08135e8bd67d1fb399fdf35770290ce7";

  @TempDir private Path folder;

  @Test
  void hashPrintsTheChainHashAndNothingElse() {
    assertThat(Run.quorate("genesis", "hash", EXAMPLE)).isEqualTo(new Run(0, HASH + "\n", ""));
  }

  @Test
  void validateTellsTheChainInShort() {
    Run run = Run.quorate("genesis", "validate", EXAMPLE);
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("is valid", "local-4", HASH, "4, of which 1 may be faulty; quorum 3");
  }

  @Test
  void validateGivesProgramsTheSameAsJson() throws Exception {
    JsonNode json =
        new JsonMapper()
            .readTree(Run.quorate("genesis", "validate", EXAMPLE, "--format=json").out());
    assertThat(json.get("chain_hash").asText()).isEqualTo(HASH);
    assertThat(json.get("quorum").asInt()).isEqualTo(3);
    assertThat(json.get("valid").asBoolean()).isTrue();
  }

  @Test
  void aWrongFieldIsExitCodeFourNamingFileAndField() throws Exception {
    Path file = folder.resolve("genesis.json");
    Files.writeString(file, Files.readString(EXAMPLE).replace("\"7444725e", "\"7444725E"));
    for (String command : new String[] {"validate", "hash"}) {
      Run run = Run.quorate("genesis", command, file);
      assertThat(run.status()).isEqualTo(4);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .isEqualTo(
              "quorate: "
                  + file
                  + ": validators[1].public_key: not a lower-case hex digit at position 7\n");
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Run run = Run.quorate("genesis", "hash", folder.resolve("none.json"));
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("none.json", "no such file");
  }
}
