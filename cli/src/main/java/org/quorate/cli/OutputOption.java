package org.quorate.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The option {@code --format}, for every command that prints data: a mixin. Data goes to standard
 * output, as text for people or as JSON for programs, one document to a line; all else goes to
 * standard error.
 */
public final class OutputOption {
  /** How data is printed. */
  public enum Format {
    /** For people. */
    TEXT,
    /** For programs. */
    JSON
  }

  private static final JsonMapper MAPPER = new JsonMapper();

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      description = "How to print data: text (the default) or json.")
  private Format format = Format.TEXT;

  /** Whether programs read the output. */
  public boolean json() {
    return format == Format.JSON;
  }

  /** Prints one of the two to standard output, and a line end. */
  public void print(String text, JsonNode json) {
    command.commandLine().getOut().println(json() ? line(json) : text);
    command.commandLine().getOut().flush();
  }

  /** Tells the user something that is no data, on standard error. */
  public void note(String text) {
    command.commandLine().getErr().println(text);
    command.commandLine().getErr().flush();
  }

  private static String line(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree can be written", e);
    }
  }
}
