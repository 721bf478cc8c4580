package org.quorate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One run of the program inside the test's process, as a user would see it. */
public record Run(int status, String out, String err) {
  /** Runs {@code quorate} with these arguments. */
  public static Run quorate(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = QuorateCommand.run(new PrintWriter(out), new PrintWriter(err), words);
    return new Run(status, out.toString(), err.toString());
  }
}
