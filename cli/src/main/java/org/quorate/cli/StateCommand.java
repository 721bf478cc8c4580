package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.quorate.cli.client.AgreedState;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Hex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate state}: the world state. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Read the world state.",
    subcommands = StateCommand.Get.class)
final class StateCommand {
  private StateCommand() {}

  /** A key as it is written on the command line. */
  static ByteString key(String text, boolean hex) throws CommandFailure {
    try {
      ByteString key = hex ? ByteString.of(Hex.decode(text)) : ByteString.utf8(text);
      return new Operation.Delete(key).key(); // has the limits of keys
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "KEY: " + e.getMessage(), e);
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = {
        "Print the value of a key on which f+1 nodes agree, so that a correct one is among them.",
        "Nodes may be at different heights: the value is one that the key had at some height which"
            + " a correct node has executed, and while the key is being written a later value may"
            + " exist already. To act on a value only if it still holds, require it in the"
            + " transaction (see: quorate tx submit --help).",
        "Exit code 1 if the key is absent."
      })
  static final class Get implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Option(names = "--hex", description = "KEY is hex, and so is the value that is printed.")
    private boolean hex;

    @Parameters(paramLabel = "KEY", description = "The key.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String key;

    @Override
    public Integer call() throws CommandFailure, GenesisException, InterruptedException {
      ByteString bytes = StateCommand.key(key, hex);
      AgreedState state;
      try {
        state = network.client().state(bytes, network.timeout());
      } catch (NoAnswerException e) {
        throw NetworkOption.unanswered(e);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
      Optional<ByteString> value = state.value();
      if (value.isEmpty()) {
        if (output.json()) {
          output.print("", json(bytes, state));
        }
        output.note("The key " + BytesText.of(bytes) + " is absent.");
        return ExitCode.FAILED.status();
      }
      output.print(text(value.get()), json(bytes, state));
      return ExitCode.OK.status();
    }

    private String text(ByteString value) throws CommandFailure {
      if (hex) {
        return value.hex();
      }
      return BytesText.text(value)
          .orElseThrow(
              () ->
                  new CommandFailure(ExitCode.FAILED, "the value is no text; print it with --hex"));
    }

    private static ObjectNode json(ByteString key, AgreedState state) {
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("key", BytesText.text(key).orElse(null))
              .put("key_hex", key.hex())
              .put("value", state.value().flatMap(BytesText::text).orElse(null))
              .put("value_hex", state.value().map(ByteString::hex).orElse(null));
      ArrayNode by = json.putArray("nodes");
      state.by().forEach(node -> by.add(node.name()));
      return json;
    }
  }
}
