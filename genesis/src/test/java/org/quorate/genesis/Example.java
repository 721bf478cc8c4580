package org.quorate.genesis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The example network of this module, for tests to read and spoil. */
final class Example {
  static final Path FILE = Path.of("networks", "local-4", "genesis.json");

  private Example() {}

  static String text() throws IOException {
    return Files.readString(FILE);
  }

  /** Parses the example with {@code target} replaced; it must occur in it. */
  static GenesisDocument with(String target, String replacement)
      throws IOException, GenesisException {
    String text = text();
    if (!text.contains(target)) {
      throw new AssertionError("the example does not contain " + target);
    }
    return GenesisDocument.parse(
        text.replace(target, replacement).getBytes(StandardCharsets.UTF_8));
  }
}
