package org.quorate.node.mutation;

import java.util.List;
import java.util.Locale;
import org.quorate.node.mutation.Mutant.Kind;
import org.quorate.node.mutation.Verdict.Caught;
import org.quorate.node.mutation.Verdict.Unfinished;

/** What became of each mutant. */
record MutationReport(List<Line> lines) {
  /**
   * One mutant.
   *
   * @param seconds that the suite took to find it
   */
  record Line(Mutant mutant, Verdict verdict, long seconds) {
    boolean caught() {
      return verdict instanceof Caught;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%-46s %-8s %4d s  %s",
          mutant.name(),
          mutant.kind().name().toLowerCase(Locale.ROOT),
          seconds,
          outcome());
    }

    private String outcome() {
      if (verdict instanceof Caught caught) {
        return caught.by();
      }
      return verdict instanceof Unfinished unfinished
          ? "UNFINISHED: " + unfinished.why()
          : "SURVIVED: " + mutant.title();
    }
  }

  MutationReport {
    lines = List.copyOf(lines);
  }

  long caught() {
    return lines.stream().filter(Line::caught).count();
  }

  /** Those that nothing has caught. */
  List<String> missed() {
    return lines.stream().filter(line -> !line.caught()).map(Line::toString).toList();
  }

  /** Those of them that endanger safety. */
  List<String> missedSafety() {
    return lines.stream()
        .filter(line -> !line.caught() && line.mutant().kind() == Kind.SAFETY)
        .map(Line::toString)
        .toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.append(caught()).append(" of ").append(lines.size()).append(" caught\n").toString();
  }
}
