package org.quorate.cli;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.light.LightFolder;
import org.quorate.cli.light.Standing;
import org.quorate.cli.light.Sync;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.StateProof;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate light state}: values, proven after a block that was followed. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    description = {
      "Print the values of keys, proven, after a block that DIR has; headers up to that block are"
          + " followed first where they are missing.",
      "Of the proofs of f+1 nodes, or of as many as answer, the highest. All nodes are asked whether"
          + " they prove another result of its block: exit code 3 then, with evidence in DIR."
    })
final class LightStateCommand implements Callable<Integer> {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private LightCommand.FolderOption folder;

  @Option(names = "--hex", description = "The keys are hex.")
  private boolean hex;

  @Parameters(
      paramLabel = "KEY|URL",
      arity = "1..*",
      description =
          "The keys; and the nodes to ask, which begin with http:// or https:// (those of the genesis file unless given). Write a key that begins so in hex.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private List<String> words;

  @Override
  public Integer call() throws CommandFailure, GenesisException, IOException, InterruptedException {
    List<String> urls = words.stream().filter(LightStateCommand::isUrl).toList();
    TreeSet<ByteString> keys = new TreeSet<>();
    for (String word : words) {
      if (!isUrl(word)) {
        keys.add(StateCommand.key(word, hex));
      }
    }
    if (keys.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "KEY: name at least one key");
    }
    try (LightFolder light = LightFolder.open(folder.dir())) {
      light.refuseIfEvidence();
      QuorateClient client = LightCommand.client(urls, light.genesis());
      StateProof proof = proof(client, keys);
      long height = proof.header().height();
      Sync sync = new Sync(light, client.nodes(), output::note);
      if (height > light.height()) {
        LightCommand.follow(light, sync, Sync.Gaps.LEAVE);
      }
      LightCommand.stopIfOther(light, sync, "the proof of the state", proof);
      requireKnown(light, height);
      LightCommand.compareAt(light, sync, height);
      print(light, proof);
    }
    return ExitCode.OK.status();
  }

  private static boolean isUrl(String word) {
    return word.startsWith("http://") || word.startsWith("https://");
  }

  private static StateProof proof(QuorateClient client, SortedSet<ByteString> keys)
      throws CommandFailure, InterruptedException {
    try {
      return client.stateProof(keys).proof();
    } catch (NoAnswerException e) {
      throw NetworkOption.unanswered(e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireKnown(LightFolder light, long height)
      throws CommandFailure, IOException {
    Standing standing = Standing.of(light, height);
    if (standing != Standing.SAME) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the proof holds, but not that its block is of the chain that DIR follows. "
              + standing.text(light, height));
    }
  }

  private void print(LightFolder light, StateProof proof) {
    StateProofReport report = new StateProofReport(light.chain(), proof);
    long older = light.height() - proof.header().height();
    output.print(
        report.blockText() + "\n" + report.valuesText(),
        report.json().put("head_height", light.height()).put("blocks_behind_head", older));
    if (older > 0) {
      output.note(
          "The proof is %d blocks older than block %d, the highest of %s."
              .formatted(older, light.height(), light.path()));
    }
  }
}
