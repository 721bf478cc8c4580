package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.light.LightFolder;
import org.quorate.cli.light.Standing;
import org.quorate.cli.light.Sync;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.Proof;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate light verify}: a proof, held against the chain that was followed. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check a proof as `proof verify` does, and that its block is the one that DIR has.",
      "Exit code 3, with the reason, if it does not hold; and, with evidence in DIR, if it holds and"
          + " is of another block, or of another result than DIR has. Where no URL is given, nodes"
          + " are asked only if it is of another block, those of the genesis file, for what the"
          + " evidence lacks."
    })
final class LightVerifyCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LightCommand.FolderOption folder;

  @Parameters(
      paramLabel = "PROOF",
      index = "0",
      description = "The file that `proof get` or `proof state` saved.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Parameters(
      paramLabel = "URL",
      index = "1..*",
      arity = "0..*",
      description = "Nodes to ask whether they prove another result of the proof's block.")
  private List<String> urls = new ArrayList<>();

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException, InterruptedException {
    try (LightFolder light = LightFolder.read(folder.dir())) {
      light.refuseIfEvidence();
      Proof proof = ProofFile.verified(light.chain(), file);
      QuorateClient client = LightCommand.client(urls, light.genesis());
      Sync sync = new Sync(light, client.nodes(), output::note);
      LightCommand.stopIfOther(light, sync, "the proof in " + file, proof);
      long height = proof.header().height();
      if (!urls.isEmpty()) {
        LightCommand.compareAt(light, sync, height);
      }
      Standing standing = Standing.of(light, height);
      print(light.chain(), proof, standing.text(light, height), standing.slug());
    }
    return ExitCode.OK.status();
  }

  private void print(ChainSpec chain, Proof proof, String text, String standing) {
    String explanation;
    ObjectNode json;
    if (proof instanceof StateProof state) {
      StateProofReport report = new StateProofReport(chain, state);
      explanation = report.explanation();
      json = report.json();
    } else {
      ProofReport report = new ProofReport(chain, (TransactionProof) proof);
      explanation = report.explanation();
      json = report.json();
    }
    output.print(explanation + "\n" + text, json.put("valid", true).put("standing", standing));
  }
}
