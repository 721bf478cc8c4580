package org.quorate.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md is the protocol as built: code and tests name the rules that they stand for. */
final class ProtocolCitationsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES = List.of("consensus", "node", "ledger");

  /** A rule begins with its number in bold. */
  private static final Pattern RULE = Pattern.compile("^(?:- |\\| )?\\*\\*([RA]\\d+)\\b");

  private static TreeSet<String> rules() throws IOException {
    TreeSet<String> rules = new TreeSet<>();
    for (String line : Files.readAllLines(ROOT.resolve("consensus/PROTOCOL.md"))) {
      RULE.matcher(line).results().forEach(match -> rules.add(match.group(1)));
    }
    return rules;
  }

  /** The rules that no Java file below {@code src/PART} of these modules names. */
  private static TreeSet<String> uncited(String part) throws IOException {
    TreeSet<String> left = rules();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src").resolve(part))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String text = Files.readString(file);
          left.removeIf(rule -> Pattern.compile("\\b" + rule + "\\b").matcher(text).find());
        }
      }
    }
    return left;
  }

  @Test
  void thereAreRules() throws IOException {
    assertThat(rules()).contains("R1", "R6", "R18").hasSizeGreaterThan(18);
  }

  @Test
  void everyRuleIsCitedByTheCode() throws IOException {
    assertThat(uncited("main")).isEmpty();
  }

  @Test
  void everyRuleIsCitedByATest() throws IOException {
    assertThat(uncited("test")).isEmpty();
  }
}
