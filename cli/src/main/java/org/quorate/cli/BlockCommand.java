package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.client.VerifiedBlock;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate block}: blocks. */
@Command(
    name = "block",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "See blocks.",
    subcommands = BlockCommand.Show.class)
final class BlockCommand {
  private BlockCommand() {}

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Print a block, once its commit certificate, its transactions and the signatures on its"
            + " results were checked against the genesis file. One honest node is enough.",
        "latest is the highest that any node hands over; a later one may exist already."
      })
  static final class Show implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Parameters(paramLabel = "HEIGHT|latest", description = "Which block; 0 is the genesis block.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String height;

    @Override
    public Integer call() throws CommandFailure, GenesisException, InterruptedException {
      QuorateClient client = network.client();
      try {
        VerifiedBlock block =
            height.equals("latest") ? client.latestBlock() : client.block(number());
        output.print(text(client.chain(), block), json(client.chain(), block));
        return ExitCode.OK.status();
      } catch (NoAnswerException e) {
        throw NetworkOption.unanswered(e);
      }
    }

    private long number() throws CommandFailure {
      if (!height.matches("[0-9]{1,18}")) {
        throw new CommandFailure(ExitCode.USAGE, "a height is a number, or latest");
      }
      return Long.parseLong(height);
    }

    private static String text(ChainSpec chain, VerifiedBlock block) {
      BlockHeader header = block.header();
      List<String> lines = new ArrayList<>();
      lines.add("height        " + header.height());
      lines.add("hash          " + block.hash());
      lines.add("parent        " + header.parentHash());
      lines.add("time          " + Instant.ofEpochMilli(header.timestampMillis()));
      if (header.height() == 0) {
        lines.add("The genesis block, which the genesis file defines.");
        return String.join("\n", lines);
      }
      lines.add(
          "proposed      by %s in view %d"
              .formatted(
                  chain.validators().validator(header.proposer()).name(), header.proposedView()));
      block
          .commit()
          .ifPresent(
              commit ->
                  lines.add(
                      "committed     by %s in view %d"
                          .formatted(
                              ProofReport.names(chain, commit.signatures()),
                              commit.vote().view())));
      block
          .checkpoint()
          .ifPresentOrElse(
              certificate -> {
                lines.add("executed      by " + ProofReport.names(chain, certificate.signatures()));
                lines.add("state root    " + certificate.checkpoint().stateRoot());
                lines.add("receipts root " + certificate.checkpoint().receiptsRoot());
              },
              () -> lines.add("executed      not yet by f+1 as far as this node knows"));
      lines.add("transactions  " + header.transactionCount());
      block.transactions().forEach(transaction -> lines.add("  " + transaction));
      return String.join("\n", lines);
    }

    private static ObjectNode json(ChainSpec chain, VerifiedBlock block) {
      BlockHeader header = block.header();
      ObjectNode json =
          JsonNodeFactory.instance
              .objectNode()
              .put("height", header.height())
              .put("block_hash", block.hash().hex())
              .put("parent_hash", header.parentHash().hex())
              .put("timestamp_millis", header.timestampMillis())
              .put("proposer", chain.validators().validator(header.proposer()).name())
              .put("proposed_view", header.proposedView())
              .put("transactions_root", header.transactionsRoot().hex());
      block
          .commit()
          .ifPresent(
              commit -> {
                json.put("view", commit.vote().view());
                json.set("commit_signers", ProofReport.nameList(chain, commit.signatures()));
              });
      block
          .checkpoint()
          .ifPresent(
              certificate -> {
                json.put("state_root", certificate.checkpoint().stateRoot().hex());
                json.put("receipts_root", certificate.checkpoint().receiptsRoot().hex());
                json.set(
                    "checkpoint_signers", ProofReport.nameList(chain, certificate.signatures()));
              });
      ArrayNode transactions = json.putArray("transactions");
      block.transactions().stream().map(Digest::hex).forEach(transactions::add);
      json.put("from", block.from().map(NodeEndpoint::name).orElse("genesis"));
      return json;
    }
  }
}
