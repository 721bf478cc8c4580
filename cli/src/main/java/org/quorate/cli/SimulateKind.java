package org.quorate.cli;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What {@code quorate simulate} can be asked to run, and the options that each of it takes. */
enum SimulateKind {
  /** Need not be asked for; the option is one of those that only seeds take. */
  SEEDS("--seed"),
  TWINS("--twins"),
  CRASH_POINTS("--crash-points");

  /** The option that asks for it. */
  private final String name;

  SimulateKind(String name) {
    this.name = name;
  }

  private boolean takes(String option) {
    return option.equals(name) || options().contains(option);
  }

  private Set<String> options() {
    return switch (this) {
      case SEEDS -> Set.of("--seeds", "--validators", "--faults", "--hours", "--minutes");
      case TWINS -> Set.of("--rounds", "--quorums", "--only", "--limit");
      case CRASH_POINTS -> Set.of("--only", "--limit");
    };
  }

  /**
   * What the command line asks for.
   *
   * @throws CommandFailure if it gives an option that only something else takes
   */
  static SimulateKind of(ParseResult parsed) throws CommandFailure {
    SimulateKind kind =
        parsed.hasMatchedOption(TWINS.name)
            ? TWINS
            : parsed.hasMatchedOption(CRASH_POINTS.name) ? CRASH_POINTS : SEEDS;
    for (OptionSpec option : parsed.matchedOptions()) {
      String given = option.longestName();
      String takers =
          Arrays.stream(values())
              .filter(other -> other.takes(given))
              .map(other -> other.name)
              .collect(Collectors.joining(" or "));
      if (!takers.isEmpty() && !kind.takes(given)) {
        throw usage(
            kind == SEEDS
                ? given + " goes with " + takers + ": add that, or leave out " + given
                : given + " does not go with " + kind.name + ": leave out one of the two");
      }
    }
    return kind;
  }

  static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }
}
