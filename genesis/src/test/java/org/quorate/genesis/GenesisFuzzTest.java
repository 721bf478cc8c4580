package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the bytes, the parser either refuses them by {@link GenesisException} with a message, or
 * makes a document that is written and read back to the same chain.
 */
final class GenesisFuzzTest {
  private static final int MUTANTS = 2_500;
  private static final String ALPHABET = "{}[]\",:\\/0123456789abcdefeEtrufalsn.+- \n\u0000\u00ff";

  /** {@code JAZZER_FUZZ=1 mvn test -Dtest=GenesisFuzzTest#anyBytes} searches; else its inputs. */
  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] file) {
    check(file);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void mutantsOfTheExample(long seed) throws Exception {
    byte[] example = Example.text().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutate(example, random);
      try {
        accepted += check(mutant) ? 1 : 0;
      } catch (RuntimeException | AssertionError e) {
        fail(
            "seed " + seed + ", mutant " + i + ":\n" + new String(mutant, StandardCharsets.UTF_8),
            e);
      }
    }
    assertThat(accepted).as("mutants that are valid").isBetween(MUTANTS / 100, MUTANTS * 9 / 10);
  }

  private static byte[] mutate(byte[] example, Random random) {
    StringBuilder text = new StringBuilder(new String(example, StandardCharsets.ISO_8859_1));
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + 1 + random.nextInt(random.nextBoolean() ? 2 : 40));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, text.substring(from, to));
        case 2 -> text.insert(random.nextInt(text.length()), text.substring(from, to));
        default -> text.setCharAt(from, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      if (text.isEmpty()) {
        break;
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean check(byte[] file) {
    GenesisDocument document;
    try {
      document = GenesisDocument.parse(file);
    } catch (GenesisException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
    try {
      GenesisDocument again = GenesisDocument.parse(document.toJson());
      assertThat(again.chain().chainHash()).isEqualTo(document.chain().chainHash());
      assertThat(again.peerAddresses()).isEqualTo(document.peerAddresses());
      assertThat(again.apiAddresses()).isEqualTo(document.apiAddresses());
    } catch (GenesisException e) {
      throw new AssertionError("what was written is not read back", e);
    }
    return true;
  }
}
