package org.quorate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code quorate quickstart}: the main job of Quorate once, on real processes. It runs the very
 * commands that it tells the user to run by hand.
 */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "Do the main job once, on real processes in a temporary folder.",
      "Makes and starts a network of four nodes, submits transactions of two clients, saves and"
          + " verifies a proof, kills the primary and submits again. Each step tells what it did"
          + " and how to do it by hand.",
      "Exit code 0 only if everything was verified. Nothing is left behind; after Ctrl-C, only the"
          + " temporary folder quorate-quickstart-*."
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final int VALIDATORS = 4;
  private static final int BASE_PORT_MIN = 20_000;
  private static final int BASE_PORT_MAX = 30_000;
  private static final int BASE_PORT_TRIES = 100;
  private static final JsonMapper JSON = new JsonMapper();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec command;

  private int step;

  @Override
  public Integer call() throws CommandFailure, IOException, InterruptedException {
    Path temporary = Files.createTempDirectory("quorate-quickstart-");
    try {
      say("\"quorate\" stands for cli/bin/quorate, and \"demo\" for a folder of your choice.");
      Path folder = temporary.resolve("demo");
      run(folder, "network", "create", "demo", "--base-port", Integer.toString(freeBasePort()));
      tell("Made a chain of four validators with the clients alice and bob", "network create demo");
      try (RunningNetwork network = RunningNetwork.start(folder, RunOptions.DEFAULTS)) {
        tell(
            "Started its four nodes, each a process of its own; they log to demo/nodeI/node.log",
            "network up demo");
        tour(folder, network);
      }
      say("");
      say("Stopped the nodes and removed the folder. All of this was verified.");
      return ExitCode.OK.status();
    } finally {
      remove(temporary);
    }
  }

  private void tour(Path folder, RunningNetwork network)
      throws CommandFailure, IOException, InterruptedException {
    JsonNode first = put(folder, "hello");
    String hash = first.get("hash").textValue();
    tell(
        "Submitted a transaction of alice and waited until its proof was checked",
        "tx put shared/greeting hello --network demo --client alice");
    show(run(folder, "tx", "get", hash, "--network", "demo"));

    JsonNode latest =
        submit(folder, "tx", "add", "bob/balance", "100", "--network", "demo", "--client", "bob");
    tell(
        "Submitted one of bob, which adds to an integer",
        "tx add bob/balance 100 --network demo --client bob");

    String value = run(folder, "state", "get", "shared/greeting", "--network", "demo").strip();
    check(value.equals("hello"), "the value is \"" + value + "\" and not \"hello\"");
    tell(
        "Read the value, on which two nodes had to agree",
        "state get shared/greeting --network demo");
    show(value);

    Path proof = folder.resolve("proof.json");
    run(folder, "proof", "get", hash, "-o", proof.toString(), "--network", "demo");
    tell(
        "Saved the proof of the first transaction",
        "proof get " + hash + " -o proof.json --network demo");
    String proven =
        run(
            folder,
            "proof",
            "verify",
            "--genesis",
            folder.resolve("genesis.json").toString(),
            proof.toString());
    tell(
        "Verified it without the network, against the genesis file alone",
        "proof verify --genesis demo/genesis.json proof.json");
    show(proven);

    long viewBefore = latest.get("view").longValue();
    int primary = (int) (viewBefore % VALIDATORS);
    long process = network.pid(primary);
    network.kill(primary);
    tell(
        "Killed node%d, the primary of view %d, as a power failure would"
            .formatted(primary, viewBefore),
        null);
    say("     kill -9 " + process);

    JsonNode second = put(folder, "hello again");
    long viewAfter = second.get("view").longValue();
    check(
        viewAfter > viewBefore,
        "the primary is dead, but the transaction was committed in view " + viewAfter);
    tell(
        "Submitted again: the other three elected node%d, and committed in view %d"
            .formatted(viewAfter % VALIDATORS, viewAfter),
        "tx put shared/greeting 'hello again' --network demo --client alice");
    show(run(folder, "tx", "get", second.get("hash").textValue(), "--network", "demo"));
    tell("Asked each node for its state; one is silent", "status --network demo");
    show(run(folder, "status", "--network", "demo"));
  }

  private static JsonNode put(Path folder, String value) throws CommandFailure, IOException {
    return submit(
        folder, "tx", "put", "shared/greeting", value, "--network", "demo", "--client", "alice");
  }

  private static JsonNode submit(Path folder, String... words) throws CommandFailure, IOException {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--format", "json"));
    return JSON.readTree(run(folder, command.toArray(String[]::new)));
  }

  /** Runs a command as a user would, with the real folder in the place of "demo". */
  private static String run(Path folder, String... words) throws CommandFailure {
    List<String> arguments = new ArrayList<>();
    for (String word : words) {
      arguments.add(word.equals("demo") ? folder.toString() : word);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        QuorateCommand.run(
            new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    if (status != ExitCode.OK.status()) {
      throw new CommandFailure(
          ExitCode.ofStatus(status),
          "quorate %s ended with %d:%n%s%s"
              .formatted(String.join(" ", arguments), status, out, err));
    }
    return out.toString();
  }

  private static void check(boolean holds, String otherwise) throws CommandFailure {
    if (!holds) {
      throw new CommandFailure(ExitCode.FAILED, "the quickstart failed: " + otherwise);
    }
  }

  private void tell(String what, @Nullable String byHand) {
    say("");
    say("%2d.  %s:".formatted(++step, what));
    if (byHand != null) {
      say("     quorate " + byHand);
    }
  }

  private void show(String output) {
    output.lines().forEach(line -> say("       | " + line));
  }

  private void say(String line) {
    command.commandLine().getOut().println(line);
    command.commandLine().getOut().flush();
  }

  private static int freeBasePort() throws CommandFailure {
    for (int i = 0; i < BASE_PORT_TRIES; i++) {
      int base = ThreadLocalRandom.current().nextInt(BASE_PORT_MIN, BASE_PORT_MAX);
      if (Stream.of(1, 101, 201).allMatch(kind -> free(base + kind))) {
        return base;
      }
    }
    throw new CommandFailure(
        ExitCode.FAILED,
        "found no free ports between %d and %d".formatted(BASE_PORT_MIN, BASE_PORT_MAX));
  }

  private static boolean free(int firstPort) {
    for (int port = firstPort; port < firstPort + VALIDATORS; port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> content = Files.walk(folder)) {
      content
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
