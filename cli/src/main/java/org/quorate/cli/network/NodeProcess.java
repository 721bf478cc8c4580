package org.quorate.cli.network;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.NodeFile;

/**
 * One node of a network on this machine, running or not. The node holds the reading end of a pipe
 * from this process as its standard input and ends when that closes, so it cannot outlive us
 * however we die.
 */
final class NodeProcess {
  private static final int HTTP_TIMEOUT_MILLIS = 2_000;
  private static final int TAIL_BYTES = 2_000;

  private final Path folder;
  private final NodeFile file;
  private volatile @Nullable Process process;

  NodeProcess(Path folder) throws CommandFailure {
    this.folder = folder;
    try {
      this.file = NodeFile.read(folder.resolve("node.json"));
    } catch (GenesisException e) {
      throw new CommandFailure(ExitCode.MISMATCH, String.valueOf(e.getMessage()), e);
    }
  }

  HostPort api() {
    return file.apiListen();
  }

  HostPort metrics() {
    return file.metricsListen();
  }

  Path log() {
    return folder.resolve("node.log");
  }

  private Path pidFile() {
    return folder.resolve("node.pid");
  }

  /** Starts {@code java <options> <program> --dir <folder> --stop-on-stdin-close}. */
  void start(List<String> options, List<String> program, Runnable onExit) throws CommandFailure {
    if (running()) {
      throw new IllegalStateException(folder + " runs already");
    }
    for (HostPort port : List.of(file.peerListen(), file.apiListen(), file.metricsListen())) {
      checkFree(port);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(program);
    command.addAll(List.of("--dir", folder.toString(), "--stop-on-stdin-close"));
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      process = started;
      Files.writeString(pidFile(), started.pid() + "\n");
      var unused = started.onExit().thenRun(onExit);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "cannot start the node of " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Told here at once: later, whoever has the port might answer for the node. */
  private void checkFree(HostPort address) throws CommandFailure {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address.resolve());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "%s cannot listen on %s (%s); stop what does, or change %s"
              .formatted(
                  folder.getFileName(), address, e.getMessage(), folder.resolve("node.json")),
          e);
    }
  }

  boolean running() {
    Process current = process;
    return current != null && current.isAlive();
  }

  long pid() {
    return current().pid();
  }

  /** The exit status of a node that has ended. */
  int exitStatus() {
    return current().exitValue();
  }

  private Process current() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException(folder + " was never started");
    }
    return current;
  }

  /** Whether the node says that it takes part and has caught up. */
  boolean ready() {
    try {
      HttpURLConnection request =
          (HttpURLConnection) URI.create("http://" + api() + "/ready").toURL().openConnection();
      request.setConnectTimeout(HTTP_TIMEOUT_MILLIS);
      request.setReadTimeout(HTTP_TIMEOUT_MILLIS);
      try {
        return request.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        request.disconnect();
      }
    } catch (IOException e) {
      return false; // it does not listen yet, or not any more
    }
  }

  /** Asks the node to stop (SIGTERM). */
  void terminate() {
    Process current = process;
    if (current != null) {
      current.destroy();
    }
  }

  /** Ends the node at once (SIGKILL), as a power failure would, and waits until it is gone. */
  void kill() throws InterruptedException {
    Process current = process;
    if (current != null) {
      current.destroyForcibly().waitFor();
    }
  }

  /** Waits until the node has ended, at most so long; false if it has not. */
  boolean awaitEnd(long millis) throws InterruptedException {
    Process current = process;
    return current == null || current.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  void forgetPid() throws IOException {
    Files.deleteIfExists(pidFile());
  }

  /** The end of the log, for somebody who wants to know why the node ended. */
  String logTail() {
    try (RandomAccessFile log = new RandomAccessFile(log().toFile(), "r")) {
      log.seek(Math.max(0, log.length() - TAIL_BYTES));
      byte[] tail = new byte[TAIL_BYTES];
      int length = log.read(tail);
      return length < 0 ? "" : new String(tail, 0, length, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "(its log cannot be read: " + e.getMessage() + ")";
    }
  }
}
