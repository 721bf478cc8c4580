package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.cli.client.QuorateClient;
import org.quorate.genesis.GenesisException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quorate status}: what each node says of itself. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Print what each node says of itself.",
      "A line for each node, and only its word.",
      "Exit code 0 if a quorum answers that it is ready, 5 if no node answers, 4 if all"
          + " that do are of another chain, 1 otherwise."
    })
final class StatusCommand implements Callable<Integer> {
  private static final String LINE = "%-10s %-8s %5s %-10s %8s %8s  %-12s %-12s %7s %5s  %s";

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private NetworkOption network;

  @Override
  public Integer call() throws CommandFailure, GenesisException, InterruptedException {
    QuorateClient client = network.client();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("chain_id", client.chain().chainId())
            .put("chain_hash", client.chain().chainHash().hex());
    ArrayNode nodes = json.putArray("nodes");
    List<String> lines = new ArrayList<>();
    lines.add(
        "chain %s (chain hash %s)".formatted(client.chain().chainId(), client.chain().chainHash()));
    lines.add(
        LINE.formatted(
            "NODE",
            "STATE",
            "VIEW",
            "PRIMARY",
            "HEIGHT",
            "STABLE",
            "BLOCK",
            "STATE ROOT",
            "PENDING",
            "PEERS",
            "ADDRESS"));
    int answered = 0;
    int foreign = 0;
    int ready = 0;
    for (NodeClient node : client.nodes()) {
      Answer<NodeStatus> answer = node.status();
      ObjectNode entry = nodes.addObject().put("address", node.node().uri().toString());
      if (answer instanceof Answer.Given<NodeStatus> given) {
        answered++;
        boolean same = given.value().chainHash().equals(client.chain().chainHash());
        foreign += same ? 0 : 1;
        ready += same && given.value().ready() ? 1 : 0;
        lines.add(line(node, given.value(), same));
        given.value().notReady().ifPresent(reason -> lines.add("           " + reason));
        describe(entry, given.value(), same);
      } else {
        lines.add("%-10s %s: %s".formatted(node.node().name(), "silent", answer.complaint()));
        entry.put("name", node.node().name()).put("error", answer.complaint());
      }
    }
    output.print(String.join("\n", lines), json);
    if (answered == 0) {
      output.note("No node answered. Is the network up? On this machine: quorate network up DIR");
      return ExitCode.UNREACHABLE.status();
    }
    if (foreign == answered) {
      output.note("All nodes that answered are of another chain than the genesis file.");
      return ExitCode.MISMATCH.status();
    }
    return ready >= client.chain().validators().quorum().quorum()
        ? ExitCode.OK.status()
        : ExitCode.FAILED.status();
  }

  private static String line(NodeClient node, NodeStatus status, boolean sameChain) {
    String state = status.ready() ? "ready" : "waiting";
    return LINE.formatted(
        status.name(),
        sameChain ? state : "FOREIGN",
        status.view(),
        status.primary(),
        status.height(),
        status.stableHeight(),
        status.blockHash().hex().substring(0, 12),
        status.stateRoot().hex().substring(0, 12),
        status.mempoolTransactions(),
        status.peersConnected(),
        node.node().uri());
  }

  private static void describe(ObjectNode entry, NodeStatus status, boolean sameChain) {
    entry
        .put("name", status.name())
        .put("same_chain", sameChain)
        .put("ready", status.ready())
        .put("not_ready", status.notReady().orElse(null))
        .put("view", status.view())
        .put("active", status.active())
        .put("primary", status.primary())
        .put("height", status.height())
        .put("stable_height", status.stableHeight())
        .put("block_hash", status.blockHash().hex())
        .put("state_root", status.stateRoot().hex())
        .put("mempool_transactions", status.mempoolTransactions())
        .put("peers_connected", status.peersConnected())
        .put("version", status.version());
  }
}
