package org.quorate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.KeyFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what a command throws into a sentence on standard error and an exit code. */
final class Failures {
  /** The environment variable that, when set, has the stack trace shown too. */
  static final String TRACE_VARIABLE = "QUORATE_TRACE";

  private Failures() {}

  static int usage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Run '" + name + " --help' to see how it is used.");
    return ExitCode.USAGE.status();
  }

  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof ParameterException usage) {
      return usage(usage, new String[0]);
    }
    PrintWriter err = command.getErr();
    err.println("quorate: " + message(e));
    if (System.getenv(TRACE_VARIABLE) != null) {
      e.printStackTrace(err);
    }
    return exitCode(e).status();
  }

  private static ExitCode exitCode(Exception e) {
    if (e instanceof CommandFailure failure) {
      return failure.exitCode();
    }
    return e instanceof GenesisException || e instanceof KeyFileException
        ? ExitCode.MISMATCH
        : ExitCode.FAILED;
  }

  private static String message(Exception e) {
    if (e instanceof CommandFailure
        || e instanceof GenesisException
        || e instanceof KeyFileException) {
      return String.valueOf(e.getMessage());
    }
    if (e instanceof FileSystemException file) {
      return file(file);
    }
    if (e instanceof UncheckedIOException io && io.getCause() instanceof FileSystemException file) {
      return file(file);
    }
    if (e instanceof IOException || e instanceof UncheckedIOException) {
      return String.valueOf(e.getMessage());
    }
    return "internal error, please report it: "
        + e
        + " (set "
        + TRACE_VARIABLE
        + "=1 to see where it comes from)";
  }

  /** Most of these exceptions have the file's name for a message and nothing else. */
  private static String file(FileSystemException e) {
    String reason = e.getReason();
    if (e instanceof NoSuchFileException) {
      reason = "there is no such file or folder";
    } else if (e instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (e instanceof FileAlreadyExistsException) {
      reason = "it exists already, and is not overwritten";
    }
    return e.getFile() + ": " + (reason == null ? "input or output failed" : reason);
  }
}
