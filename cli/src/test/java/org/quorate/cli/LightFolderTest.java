package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.contents;
import static org.quorate.cli.LightStage.grow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.light.LightFolder;
import org.quorate.ledger.crypto.Digest;

/** What a light client does with a folder that a crash or a bad disk has left. */
@Timeout(120)
final class LightFolderTest {
  private final LightStage light;

  LightFolderTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  private void isDamaged(String name) {
    Run run = light.sync();
    assertThat(run.status()).as(run.out()).isEqualTo(4);
    assertThat(run.err()).contains(name, "is damaged", "remove it, and sync again");
    assertThat(light.status().status()).isEqualTo(4);
  }

  private String readFailure() throws Exception {
    try (LightFolder read = LightFolder.read(light.dir)) {
      return "none, at height " + read.height();
    } catch (CommandFailure e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void anyByteOfTheHeadThatIsNotAsItWasIsFound() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 2);
    light.synced();
    Path file = light.dir.resolve("head");
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << i % 8);
      Files.write(file, bad);
      assertThat(readFailure()).as("byte " + i).contains("is damaged");
    }
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThat(readFailure()).as("length " + length).contains("is damaged");
    }
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    isDamaged("head");
    Files.write(file, good);
    assertThat(light.sync().status()).isZero();
  }

  @Test
  void anyBitOfTheHashesThatIsNotAsItWasIsFound() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 20);
    light.synced();
    Path file = light.dir.resolve("hashes-0");
    byte[] good = Files.readAllBytes(file);
    for (int bit = 0; bit < good.length * 8; bit += 13) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, bad);
      assertThat(readFailure()).as("bit " + bit).contains("is damaged");
    }
    for (int length = 0; length < good.length; length += 7) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThat(readFailure()).as("length " + length).contains("is damaged");
    }
    isDamaged("hashes-0");
    Files.delete(file);
    isDamaged("hashes-0");
    Files.write(file, good);
    assertThat(light.sync().status()).isZero();
  }

  /** A process that dies leaves hashes that no head counts, or half a head beside the old one. */
  @Test
  void whatADeadProcessLeftIsCutOffAndDoneAgain() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    light.synced();
    byte[] oldHead = Files.readAllBytes(light.dir.resolve("head"));
    grow(light.chain, 6);
    light.synced();
    Map<String, String> whole = contents(light.dir);
    byte[] newHead = Files.readAllBytes(light.dir.resolve("head"));
    byte[] hashes = Files.readAllBytes(light.dir.resolve("hashes-0"));

    for (int length = 4 * Digest.BYTES; length <= hashes.length; length += 11) {
      Files.write(light.dir.resolve("head"), oldHead);
      Files.write(light.dir.resolve("hashes-0"), Arrays.copyOf(hashes, length));
      Files.write(light.dir.resolve("head.new"), Arrays.copyOf(newHead, length));
      Files.write(light.dir.resolve("hashes-999"), new byte[40]);
      assertThat(light.status().out()).as("length " + length).contains("head      block 3");
      assertThat(light.synced().get("headers").longValue()).isEqualTo(3);
      assertThat(contents(light.dir)).isEqualTo(whole);
    }
    Files.write(light.dir.resolve("hashes-0"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertThat(light.synced().get("headers").longValue()).isZero();
    assertThat(contents(light.dir)).isEqualTo(whole);
  }

  @Test
  void aFolderWhoseMakingWasCutShortBeginsAnew() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 3);
    Files.createDirectory(light.dir);
    Files.write(light.dir.resolve("genesis.json.new"), new byte[] {'{'});
    Files.write(light.dir.resolve("hashes-0"), new byte[50]);
    assertThat(light.synced().get("height").longValue()).isEqualTo(3);
    light.hasHashesUpTo(3);
  }
}
