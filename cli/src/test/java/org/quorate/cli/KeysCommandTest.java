package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeysCommandTest {
  @TempDir private Path folder;

  @Test
  void aNewKeyIsForItsOwnerOnlyAndShowPrintsTheSamePublicKey() throws Exception {
    Path file = folder.resolve("alice.pem");
    Run made = Run.quorate("keys", "new", file);
    assertThat(made.status()).isZero();
    assertThat(made.out()).matches("[0-9a-f]{64}\n");
    assertThat(made.err()).contains("keep it secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Run.quorate("keys", "show", file)).isEqualTo(new Run(0, made.out(), ""));
  }

  @Test
  void jsonHasTheSameKeyAndTheFile() throws Exception {
    Path file = folder.resolve("alice.pem");
    String key = Run.quorate("keys", "new", file).out().strip();
    Run shown = Run.quorate("keys", "show", "--format", "json", file);
    assertThat(new JsonMapper().readTree(shown.out()))
        .isEqualTo(
            new JsonMapper().createObjectNode().put("file", "" + file).put("public_key", key));
  }

  @Test
  void aKeyFileIsNeverOverwritten() throws Exception {
    Path file = folder.resolve("alice.pem");
    Run.quorate("keys", "new", file);
    byte[] before = Files.readAllBytes(file);
    Run again = Run.quorate("keys", "new", file);
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).contains("alice.pem", "exists already");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aKeyThatOthersCanReadIsRefusedWithTheRemedy() throws Exception {
    Path file = folder.resolve("alice.pem");
    Run.quorate("keys", "new", file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Run shown = Run.quorate("keys", "show", file);
    assertThat(shown.status()).isEqualTo(4);
    assertThat(shown.err()).contains("open to other users", "chmod 600 " + file);
  }

  @Test
  void aMissingKeyIsNamed() {
    Run shown = Run.quorate("keys", "show", folder.resolve("nobody.pem"));
    assertThat(shown.status()).isEqualTo(4);
    assertThat(shown.err()).contains("nobody.pem", "no such file");
  }
}
