package org.quorate.node.mutation;

import java.util.Locale;
import java.util.TreeMap;

/**
 * One bug: a piece of the source of one class, and what stands there instead.
 *
 * <pre>
 * title: what the mutant does wrong, in a sentence
 * from: a paper, or a tracker and what was reported there
 * kind: safety | liveness
 * rule: of PROTOCOL.md
 * file: path of the source, from the root of the project
 * --- before
 * the piece as it is: it occurs once
 * --- after
 * what to put there; may be empty
 * </pre>
 *
 * The change may touch what happens in the class, but not its constants: those are copied into
 * other classes when they are compiled.
 *
 * @param name the number and a few words
 */
record Mutant(
    String name,
    String title,
    String origin,
    Kind kind,
    String rule,
    String file,
    String before,
    String after) {
  private static final String BEFORE = "\n--- before\n";
  private static final String AFTER = "\n--- after\n";

  /** What the bug endangers. */
  enum Kind {
    SAFETY,
    LIVENESS
  }

  /**
   * Reads the form above.
   *
   * @throws IllegalArgumentException if it is another
   */
  static Mutant parse(String name, String text) {
    int before = text.indexOf(BEFORE);
    int after = text.indexOf(AFTER, Math.max(0, before));
    if (before < 0 || after < 0 || !text.endsWith("\n")) {
      throw new IllegalArgumentException(
          name + " needs the lines '--- before' and '--- after', and an end of line at its end");
    }
    TreeMap<String, String> head = new TreeMap<>();
    for (String line : text.substring(0, before).lines().toList()) {
      int colon = line.indexOf(": ");
      if (colon < 0 || head.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
        throw new IllegalArgumentException(name + " has the line '" + line + "' in its head");
      }
    }
    String kind = field(name, head, "kind");
    Mutant mutant =
        new Mutant(
            name,
            field(name, head, "title"),
            field(name, head, "from"),
            Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            field(name, head, "rule"),
            field(name, head, "file"),
            text.substring(before + BEFORE.length(), after),
            text.substring(Math.min(after + AFTER.length(), text.length() - 1), text.length() - 1));
    if (!head.isEmpty()) {
      throw new IllegalArgumentException(name + " has fields that no mutant has: " + head);
    }
    return mutant;
  }

  private static String field(String name, TreeMap<String, String> head, String key) {
    String value = head.remove(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " has no '" + key + ":'");
    }
    return value;
  }

  /** The module whose class is changed. */
  String module() {
    return file.substring(0, file.indexOf('/'));
  }

  /**
   * The source with the bug in it.
   *
   * @throws IllegalArgumentException if the piece to be replaced does not occur exactly once: then
   *     the code has moved on and the mutant must follow it
   */
  String applyTo(String source) {
    int at = source.indexOf(before);
    if (at < 0 || source.indexOf(before, at + 1) >= 0) {
      throw new IllegalArgumentException(
          (at < 0 ? "nowhere" : "more than once")
              + " in "
              + file
              + " stands what "
              + name
              + " replaces; bring the mutant up to date:\n"
              + before);
    }
    return source.substring(0, at) + after + source.substring(at + before.length());
  }
}
