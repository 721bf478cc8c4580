package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.Lookup;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.OperationsJson;
import org.quorate.cli.client.QuorateClient;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.KeyFileException;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Hex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate tx}: transactions. */
@Command(
    name = "tx",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Sign and submit transactions, and see what became of them.",
    subcommands = {
      TxCommand.Put.class,
      TxCommand.Delete.class,
      TxCommand.Add.class,
      TxCommand.Submit.class,
      TxCommand.Get.class
    })
final class TxCommand {
  private TxCommand() {}

  /** What the commands have in common that sign one operation. */
  private abstract static class OneOperation implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SubmitOption submission;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private KeyOption key;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key, as text.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    abstract Operation operation(ByteString key);

    @Override
    public final Integer call()
        throws CommandFailure,
            GenesisException,
            KeyFileException,
            IOException,
            InterruptedException {
      Operation operation;
      try {
        operation = operation(ByteString.utf8(name));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
      return submission.submit(submission.sign(key, List.of(operation)), output);
    }
  }

  @Command(name = "put", mixinStandardHelpOptions = true, description = "Set a key to a value.")
  static final class Put extends OneOperation {
    @Parameters(index = "1", paramLabel = "VALUE", description = "The value, as text.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String value;

    @Override
    Operation operation(ByteString key) {
      return new Operation.Put(key, ByteString.utf8(value));
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Remove a key; it need not be there.")
  static final class Delete extends OneOperation {
    @Override
    Operation operation(ByteString key) {
      return new Operation.Delete(key);
    }
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = {
        "Add to the integer at a key, absent counting as 0; the sum must be 0 to 2^63-1.",
        "A negative DELTA goes after two hyphens: quorate tx add … -- KEY -5"
      })
  static final class Add extends OneOperation {
    @Parameters(index = "1", paramLabel = "DELTA", description = "What to add, an integer.")
    private long delta;

    @Override
    Operation operation(ByteString key) {
      return new Operation.Add(key, delta);
    }
  }

  @Command(
      name = "submit",
      mixinStandardHelpOptions = true,
      description = {
        "Sign and submit several operations, which take effect together or not at all; or submit"
            + " a transaction that was signed before.",
        "FILE holds a JSON list of these, keys and values being text (key_hex and value_hex take"
            + " lower-case hex instead):",
        "  {\"op\": \"require\", \"key\": K, \"value\": V}",
        "  {\"op\": \"require\", \"key\": K, \"absent\": true}",
        "  {\"op\": \"put\", \"key\": K, \"value\": V}",
        "  {\"op\": \"delete\", \"key\": K}",
        "  {\"op\": \"add\", \"key\": K, \"delta\": INTEGER}",
        "  {\"op\": \"data\", \"value\": V}"
      })
  static final class Submit implements Callable<Integer> {
    private static final int FILE_BYTES_MAX = 4 * ChainParameters.TRANSACTION_BYTES_LIMIT;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SubmitOption submission;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private KeyOption key;

    @Option(
        names = "--hex",
        description = "FILE holds the lower-case hex of a signed transaction; no key is needed.")
    private boolean hex;

    @Parameters(paramLabel = "FILE", description = "The file; - is standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call()
        throws CommandFailure,
            GenesisException,
            KeyFileException,
            IOException,
            InterruptedException {
      byte[] content = content();
      Transaction transaction = hex ? signed(content) : submission.sign(key, operations(content));
      return submission.submit(transaction, output);
    }

    private byte[] content() throws CommandFailure, IOException {
      try (InputStream in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
        byte[] content = in.readNBytes(FILE_BYTES_MAX + 1);
        if (content.length > FILE_BYTES_MAX) {
          throw new CommandFailure(
              ExitCode.FAILED, file + " has more than " + FILE_BYTES_MAX + " bytes");
        }
        return content;
      }
    }

    private List<Operation> operations(byte[] content) throws CommandFailure {
      try {
        return OperationsJson.read(content);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.FAILED, file + ": " + e.getMessage(), e);
      }
    }

    private Transaction signed(byte[] content) throws CommandFailure {
      try {
        return Decoder.decode(
            Hex.decode(new String(content, StandardCharsets.US_ASCII).strip()),
            Transaction::decode);
      } catch (IllegalArgumentException | MalformedException e) {
        throw new CommandFailure(
            ExitCode.FAILED, file + " holds no signed transaction: " + e.getMessage(), e);
      }
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = {
        "Print what became of a transaction, checked against its proof.",
        "Exit code 0 if it took effect, 1 if it failed, is pending or unknown."
      })
  static final class Get implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Parameters(paramLabel = "HASH", description = "The transaction's hash, 64 hex digits.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String hash;

    @Override
    public Integer call() throws CommandFailure, GenesisException, InterruptedException {
      QuorateClient client = network.client();
      Lookup found = client.find(HashArgument.parse(hash), Duration.ofSeconds(1));
      if (found instanceof Lookup.Proven proven) {
        ProofReport report = new ProofReport(client.chain(), proven.proof());
        output.print(report.receiptText(), report.json().put("from", proven.from().name()));
        return (report.executed() ? ExitCode.OK : ExitCode.FAILED).status();
      }
      if (found instanceof Lookup.Pending pending) {
        ObjectNode json =
            JsonNodeFactory.instance.objectNode().put("hash", hash).put("status", "pending");
        output.print(
            "transaction  %s%nstatus       pending, say %s; not proven"
                .formatted(
                    hash,
                    String.join(", ", pending.by().stream().map(NodeEndpoint::name).toList())),
            json);
        return ExitCode.FAILED.status();
      }
      throw HashArgument.notFound(hash, found);
    }
  }
}
