package org.quorate.cli.light;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.EvidenceListing;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.SignedStatement;

/** The nodes of one sync: who is asked next, and who is not asked any more. Owned by one thread. */
final class Sources {
  /** A chain forks once, and is then not used any more; more than some is a flood. */
  private static final int FORKS_MAX = 4;

  private final ChainSpec chain;
  private final List<Source> sources;
  private final HeaderCheck check;
  private final Consumer<String> warnings;
  private int turn;

  /**
   * @param warnings is told of each node that is dropped, in a sentence
   */
  Sources(ChainSpec chain, List<NodeClient> nodes, HeaderCheck check, Consumer<String> warnings) {
    this.chain = chain;
    this.sources = nodes.stream().map(Source::new).toList();
    this.check = check;
    this.warnings = warnings;
  }

  /** Those that were not dropped. */
  List<Source> live() {
    return sources.stream().filter(Source::live).toList();
  }

  /** Those that were. */
  List<SyncReport.Dropped> dropped() {
    return sources.stream()
        .filter(source -> !source.live())
        .map(
            source ->
                new SyncReport.Dropped(
                    source.node(), source.complaint().orElse(""), source.reached()))
        .toList();
  }

  /** Each may have more headers again, since others are asked for than before. */
  void resume() {
    sources.forEach(Source::resume);
  }

  /**
   * The node whose turn it is of those that may have more headers. A slow one has its turn when the
   * others have no more, so that it cannot hold up what they could hand over.
   */
  Optional<Source> next() {
    return next(false).or(() -> next(true));
  }

  private Optional<Source> next(boolean slow) {
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(turn);
      turn = (turn + 1) % sources.size();
      if (source.live() && !source.finished() && source.slow() == slow) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
  }

  /** Asks a node nothing more, since what it answered is wrong. */
  void drop(Source source, String why) {
    drop(source, why, true);
  }

  /** Asks a node nothing more, since it does not answer what it was asked. */
  void drop(Source source, Answer<?> answer) {
    boolean answered = !(answer instanceof Answer.Failed<?> failed) || failed.reached();
    drop(source, "does not hand over headers: " + answer.complaint(), answered);
  }

  private void drop(Source source, String why, boolean answered) {
    source.drop(why, answered);
    warnings.accept(source.node() + " is not asked any more: it " + why);
  }

  /** Whether a node says that it does not have what it was asked for. */
  static boolean isNotFound(Answer<?> answer) {
    return answer instanceof Answer.Refused<?> refused && refused.problem().isNotFound();
  }

  /** One header and its certificates, from a node, if they hold; the node is dropped if not. */
  Optional<HeaderBatch> single(Source source, long height) throws InterruptedException {
    return single(source, height, source.client().headers(height, height));
  }

  /** The same from what the node has answered. */
  Optional<HeaderBatch> single(Source source, long height, Answer<HeaderBatch> answer) {
    if (!(answer instanceof Answer.Given<HeaderBatch> given)) {
      drop(source, answer);
      return Optional.empty();
    }
    Optional<String> fault = check.fault(height, given.value());
    if (fault.isPresent()) {
      drop(source, fault.get());
      return Optional.empty();
    }
    return Optional.of(given.value());
  }

  /** A block with its certificate, from any node that has it. */
  Optional<CommittedHeader> committed(long height, Digest hash) throws InterruptedException {
    for (Source source : live()) {
      Answer<HeaderBatch> answer = source.client().headers(height, height);
      if (answer instanceof Answer.Given<HeaderBatch> given
          && check.fault(height, given.value()).isEmpty()
          && given.value().last().header().hash(chain.chainHash()).equals(hash)) {
        return Optional.of(given.value().last());
      }
    }
    return Optional.empty();
  }

  /** The view changes in the forks that the nodes say to have seen, not checked. */
  List<SignedStatement> viewChanges() throws InterruptedException {
    List<SignedStatement> found = new ArrayList<>();
    for (Source source : live()) {
      if (source.client().evidence() instanceof Answer.Given<EvidenceListing> listing) {
        List<String> forks =
            listing.value().entries().stream()
                .filter(entry -> entry.kind().equals(EvidenceKind.FORK.slug()))
                .map(EvidenceListing.Entry::id)
                .filter(EvidenceListing::isId)
                .limit(FORKS_MAX)
                .toList();
        for (String fork : forks) {
          if (source.client().evidence(fork) instanceof Answer.Given<FaultProof> given
              && given.value() instanceof Fork proof) {
            found.addAll(proof.viewChanges());
          }
        }
      }
    }
    return found;
  }

  /** What a node says of itself, if it is of this chain; it is dropped if not. */
  Optional<NodeStatus> status(Source source) throws InterruptedException {
    Answer<NodeStatus> answer = source.client().status();
    if (!(answer instanceof Answer.Given<NodeStatus> given)) {
      drop(source, answer);
      return Optional.empty();
    }
    if (!given.value().chainHash().equals(chain.chainHash())) {
      drop(source, "is a node of another chain, " + given.value().chainHash());
      return Optional.empty();
    }
    return Optional.of(given.value());
  }
}
