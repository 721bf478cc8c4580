package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.EvidenceListing;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.QuorateClient;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate evidence}: what proves validators faulty. */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "List, save and verify evidence against validators.",
    subcommands = {
      EvidenceCommand.Listing.class,
      EvidenceCommand.Get.class,
      EvidenceCommand.Verify.class
    })
final class EvidenceCommand {
  private EvidenceCommand() {}

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "List the evidence that each node says to hold, the first hundred pieces.",
        "It is the node's word until it is checked: evidence get. Exit code 5 if no node answers."
      })
  static final class Listing implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Override
    public Integer call() throws CommandFailure, GenesisException, InterruptedException {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      ArrayNode nodes = json.putArray("nodes");
      List<String> lines = new ArrayList<>();
      boolean answered = false;
      for (NodeClient node : network.client().nodes()) {
        Answer<EvidenceListing> answer = node.evidence();
        ObjectNode entry = nodes.addObject().put("name", node.node().name());
        if (answer instanceof Answer.Given<EvidenceListing> given) {
          answered = true;
          lines.add("%s holds %d".formatted(node.node().name(), given.value().total()));
          entry.put("total", given.value().total());
          describe(given.value(), lines, entry.putArray("evidence"));
        } else {
          lines.add("%s: %s".formatted(node.node().name(), answer.complaint()));
          entry.put("error", answer.complaint());
        }
      }
      output.print(String.join("\n", lines), json);
      return (answered ? ExitCode.OK : ExitCode.UNREACHABLE).status();
    }

    private static void describe(EvidenceListing listing, List<String> lines, ArrayNode json) {
      for (EvidenceListing.Entry entry : listing.entries()) {
        lines.add("  %s  against %s".formatted(entry.id(), String.join(", ", entry.validators())));
        ObjectNode object = json.addObject().put("id", entry.id()).put("kind", entry.kind());
        ArrayNode validators = object.putArray("validators");
        entry.validators().forEach(validators::add);
      }
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Save a piece of evidence from the first node whose evidence holds.")
  static final class Get implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private NetworkOption network;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FileOption target;

    @Parameters(paramLabel = "ID", description = "As `evidence list` names it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    public Integer call()
        throws CommandFailure, GenesisException, IOException, InterruptedException {
      if (!EvidenceListing.isId(id)) {
        throw new CommandFailure(
            ExitCode.USAGE, "an ID has 1 to 80 lower-case letters, digits and hyphens");
      }
      target.check();
      QuorateClient client = network.client();
      Auditor auditor = new Auditor(client.chain(), SignatureVerifier.ED25519);
      List<String> reports = new ArrayList<>();
      boolean reached = false;
      for (NodeClient node : client.nodes()) {
        Answer<FaultProof> answer = node.evidence(id);
        reached |= !(answer instanceof Answer.Failed<FaultProof> failed) || failed.reached();
        if (!(answer instanceof Answer.Given<FaultProof> given)) {
          reports.add(node.node() + ": " + answer.complaint());
        } else if (!given.value().name().equals(id)) {
          reports.add(node.node() + ": gave other evidence, " + given.value().name());
        } else if (auditor.judge(given.value()) instanceof Finding.Refuted refuted) {
          reports.add(node.node() + ": gave what proves nothing: " + refuted.reason().detail());
        } else {
          save(client.chain(), given.value(), node);
          return ExitCode.OK.status();
        }
      }
      throw NetworkOption.unanswered(
          "no node gave evidence " + id + " that holds", reached, reports);
    }

    private void save(ChainSpec chain, FaultProof proof, NodeClient from)
        throws CommandFailure, IOException {
      target.write(EvidenceJson.write(proof));
      output.print(
          "Saved the evidence %s, checked, in %s".formatted(proof.name(), target.file()),
          new EvidenceReport(chain, proof, proof.accused())
              .json()
              .put("file", target.file().toString())
              .put("from", from.node().name()));
      output.note("Verify it anywhere by: quorate evidence verify --genesis FILE " + target.file());
    }
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Check evidence against a genesis file alone, without a network, and name the guilty.",
        "Exit code 3, with the reason, if it does not hold."
      })
  static final class Verify implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private OutputOption output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GenesisOption genesis;

    @Parameters(
        paramLabel = "EVIDENCE",
        description = "The file that `evidence get` saved, or one of a node's folder evidence/.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws CommandFailure, GenesisException, IOException {
      ChainSpec chain = genesis.read().chain();
      FaultProof proof = read();
      Finding finding = new Auditor(chain, SignatureVerifier.ED25519).judge(proof);
      if (!(finding instanceof Finding.Proven proven)) {
        throw invalid(((Finding.Refuted) finding).reason().detail());
      }
      EvidenceReport report = new EvidenceReport(chain, proof, proven.guilty());
      output.print(report.explanation(), report.json().put("valid", true));
      return ExitCode.OK.status();
    }

    private FaultProof read() throws CommandFailure, IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return EvidenceJson.read(in.readNBytes(EvidenceJson.BYTES_MAX + 1));
      } catch (MalformedException e) {
        throw invalid(String.valueOf(e.getMessage()));
      }
    }

    private CommandFailure invalid(String reason) {
      return new CommandFailure(
          ExitCode.PROOF_INVALID, "the evidence in " + file + " does not hold: " + reason);
    }
  }
}
