package org.quorate.cli.light;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Verdict;

/**
 * Follows a chain to the highest block that any of some nodes proves, believing none of them.
 *
 * <p>The nodes are asked in turn, each for the next headers. One whose answer does not verify, or
 * that does not answer, is dropped for this sync, and the next is asked for the same; so one
 * correct node among them is enough to get there. Then each that is left is asked for the block at
 * the height that was reached, or at the end of its own chain if that is lower. One height is
 * enough: a block's hash covers all below it, so chains that are the same at one height are the
 * same at all below. A node that proves another block there has shown a fork; one that only claims
 * another has shown that it lies.
 *
 * <p>Owned by one thread.
 */
public final class Sync {
  /** A correct node in step is no further behind: the window of the default parameters. */
  static final long BEHIND_BLOCKS_MAX = 64;

  private final LightFolder folder;
  private final ChainSpec chain;
  private final LightClient lightClient;
  private final ForkCheck forkCheck;
  private final List<Source> sources;
  private final Consumer<String> warnings;
  private int turn;

  /**
   * @param folder opened to be added to
   * @param nodes at least one
   * @param warnings is told of each node that is dropped, in a sentence
   */
  public Sync(LightFolder folder, List<NodeClient> nodes, Consumer<String> warnings) {
    this.folder = folder;
    this.chain = folder.chain();
    this.lightClient = new LightClient(chain, SignatureVerifier.ED25519);
    this.forkCheck = new ForkCheck(chain);
    this.sources = nodes.stream().map(Source::new).toList();
    this.warnings = warnings;
  }

  /** What becomes of heights whose headers were not followed. */
  public enum Gaps {
    /** Those of earlier jumps are filled first. */
    FILL,
    /** They stay. */
    LEAVE,
    /** A new one is made: a jump to the highest stable checkpoint, if that is far above. */
    MAKE
  }

  /**
   * Follows the chain.
   *
   * @throws ForkFoundException if a node proves another block; what was verified before is kept
   */
  public SyncReport run(Gaps gaps)
      throws CommandFailure, ForkFoundException, IOException, InterruptedException {
    folder.refuseIfForked();
    long beginNanos = System.nanoTime();
    long height = folder.height();
    long blocks = folder.blocks();
    switch (gaps) {
      case FILL -> fillGaps();
      case LEAVE -> {}
      case MAKE -> jump();
    }
    follow(folder.segments().size() - 1, Long.MAX_VALUE);
    for (Source source : live().toList()) {
      compare(source);
    }
    return new SyncReport(
        height,
        folder.blocks() - blocks,
        Duration.ofNanos(System.nanoTime() - beginNanos),
        live().map(Source::node).toList(),
        sources.stream()
            .filter(source -> !source.live())
            .map(
                source ->
                    new SyncReport.Dropped(
                        source.node(), source.complaint().orElse(""), source.reached()))
            .toList());
  }

  private Stream<Source> live() {
    return sources.stream().filter(Source::live);
  }

  private void drop(Source source, String why, boolean answered) {
    source.drop(why, answered);
    warnings.accept(source.node() + " is not asked any more: it " + why);
  }

  private void drop(Source source, Answer<?> answer) {
    boolean answered = !(answer instanceof Answer.Failed<?> failed) || failed.reached();
    drop(source, "does not hand over headers: " + answer.complaint(), answered);
  }

  private static boolean isNotFound(Answer<?> answer) {
    return answer instanceof Answer.Refused<?> refused && refused.problem().isNotFound();
  }

  /** The next node that may have more headers. */
  private Optional<Source> next() {
    for (int i = 0; i < sources.size(); i++) {
      Source source = sources.get(turn++ % sources.size());
      if (source.live() && !source.finished()) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
  }

  /** Extends a segment to {@code target}, or as far as any node has headers. */
  private void follow(int index, long target)
      throws ForkFoundException, IOException, InterruptedException {
    int segments = folder.segments().size();
    sources.forEach(Source::resume);
    while (segments == folder.segments().size()) {
      Optional<Source> source = next();
      if (source.isEmpty()) {
        return;
      }
      step(source.get(), index, target);
    }
  }

  private void fillGaps() throws ForkFoundException, IOException, InterruptedException {
    int gaps = folder.segments().size() - 1;
    for (int i = 0; i < gaps; i++) {
      follow(0, folder.segments().get(1).first());
      if (folder.segments().size() == gaps + 1 - i) {
        warnings.accept(
            "No node hands over the headers from height "
                + (folder.segments().get(0).end() + 1)
                + " on; they are left out once more");
        return;
      }
    }
  }

  private void step(Source source, int index, long target)
      throws ForkFoundException, IOException, InterruptedException {
    BlockHeader trusted = folder.last(index);
    long from = trusted.height() + 1;
    long to = Math.min(target, trusted.height() + NodeClient.HEADERS_MAX);
    Answer<HeaderBatch> answer = source.client().headers(from, to);
    if (isNotFound(answer)) {
      source.finish(trusted.height());
    } else if (!(answer instanceof Answer.Given<HeaderBatch> given)) {
      drop(source, answer);
    } else {
      take(source, index, to, given.value());
    }
  }

  private void take(Source source, int index, long to, HeaderBatch batch)
      throws ForkFoundException, IOException {
    Optional<String> fault = fault(folder.last(index), to, batch);
    if (fault.isPresent()) {
      Optional<CommittedHeader> ours = folder.segments().get(index).last();
      if (ours.isPresent()) {
        stopIfFork(source.node().toString(), ours.get(), batch);
      }
      drop(source, fault.get(), true);
      return;
    }
    long end = batch.last().header().height();
    Optional<CommittedHeader> above = folder.committed(end);
    if (above.isPresent()) {
      stopIfFork(source.node().toString(), above.get(), batch);
    }
    folder.extend(index, batch);
    if (end < to) {
      source.finish(end);
    }
  }

  private Optional<String> fault(BlockHeader trusted, long to, HeaderBatch batch) {
    if (lightClient.checkHeaders(trusted, batch.headers(), batch.commit())
        instanceof Verdict.Invalid invalid) {
      return Optional.of("gave headers that do not hold: " + invalid.detail());
    }
    if (batch.last().header().height() > to) {
      return Optional.of("gave more headers than it was asked for");
    }
    return checkpointFault(batch);
  }

  private Optional<String> checkpointFault(HeaderBatch batch) {
    Optional<CheckpointCertificate> checkpoint = batch.checkpoint();
    return checkpoint.isPresent()
            && lightClient.check(batch.last().header(), checkpoint.get())
                instanceof Verdict.Invalid invalid
        ? Optional.of("gave a checkpoint that does not hold: " + invalid.detail())
        : Optional.empty();
  }

  private void stopIfFork(String who, CommittedHeader ours, HeaderBatch theirs)
      throws ForkFoundException, IOException {
    Optional<Fork> fork = forkCheck.fork(ours, theirs);
    if (fork.isPresent()) {
      Path file = folder.evidence().keep(fork.get());
      throw new ForkFoundException(
          who + " proves another chain than " + folder.path() + " has", fork, file);
    }
  }

  /** One header and its certificates, from a node, if they hold; the node is dropped if not. */
  private Optional<HeaderBatch> single(Source source, long height) throws InterruptedException {
    Answer<HeaderBatch> answer = source.client().headers(height, height);
    if (!(answer instanceof Answer.Given<HeaderBatch> given)) {
      drop(source, answer);
      return Optional.empty();
    }
    HeaderBatch batch = given.value();
    if (batch.headers().size() != 1 || batch.last().header().height() != height) {
      drop(source, "gave other headers than it was asked for", true);
      return Optional.empty();
    }
    if (lightClient.check(batch.last()) instanceof Verdict.Invalid invalid) {
      drop(source, "gave a header that does not hold: " + invalid.detail(), true);
      return Optional.empty();
    }
    Optional<String> fault = checkpointFault(batch);
    if (fault.isPresent()) {
      drop(source, fault.get(), true);
      return Optional.empty();
    }
    return Optional.of(batch);
  }

  /** What a node says of itself, if it is of this chain; it is dropped if not. */
  private Optional<NodeStatus> status(Source source) throws InterruptedException {
    Answer<NodeStatus> answer = source.client().status();
    if (!(answer instanceof Answer.Given<NodeStatus> given)) {
      drop(source, answer);
      return Optional.empty();
    }
    if (!given.value().chainHash().equals(chain.chainHash())) {
      drop(source, "is a node of another chain, " + given.value().chainHash(), true);
      return Optional.empty();
    }
    return Optional.of(given.value());
  }

  /**
   * Jumps to the highest checkpoint of which a node has the certificates. Where it is no further
   * away than one answer's headers, there is nothing to gain.
   */
  private void jump() throws CommandFailure, IOException, InterruptedException {
    Optional<HeaderBatch> best = Optional.empty();
    long reached = folder.height() + NodeClient.HEADERS_MAX;
    for (Source source : sources) {
      Optional<NodeStatus> status = status(source);
      if (status.isEmpty() || status.get().stableHeight() <= reached) {
        continue;
      }
      Optional<HeaderBatch> block = single(source, status.get().stableHeight());
      if (block.isPresent() && block.get().checkpoint().isEmpty()) {
        drop(source, "has no certificate of the checkpoint that it says is stable", true);
      } else if (block.isPresent()) {
        best = block;
        reached = status.get().stableHeight();
      }
    }
    if (best.isPresent()) {
      folder.jump(best.get());
    }
  }

  /** Whether a node's chain is the one that was followed, as far as it goes. */
  private void compare(Source source) throws ForkFoundException, IOException, InterruptedException {
    long height = folder.height();
    if (height > 0 && isNotFound(source.client().headers(height, height))) {
      Optional<NodeStatus> status = status(source);
      if (status.isEmpty()) {
        return;
      }
      height = Math.min(height, status.get().height());
    }
    if (height > 0) { // all nodes of the chain have its genesis block
      Optional<HeaderBatch> theirs = single(source, height);
      if (theirs.isEmpty()) {
        return;
      }
      stopIfOther(source.node().toString(), theirs.get());
    }
    long end = Math.min(height, source.end());
    if (end < folder.height() - BEHIND_BLOCKS_MAX) {
      drop(
          source,
          "has no headers above height %d, where others prove block %d: it is behind, or withholds them"
              .formatted(end, folder.height()),
          true);
    }
  }

  /**
   * Stops if a block that was verified is another than the folder has at its height. The proof of
   * that needs the certificate of the folder's own block, which a node is asked for if it is not
   * one of the few that are kept.
   *
   * @param who proves the block
   * @param theirs one header, with its certificate
   */
  public void stopIfOther(String who, HeaderBatch theirs)
      throws ForkFoundException, IOException, InterruptedException {
    BlockHeader header = theirs.last().header();
    Optional<Digest> hash = folder.hash(header.height());
    if (hash.isEmpty() || hash.get().equals(header.hash(chain.chainHash()))) {
      return;
    }
    Optional<CommittedHeader> ours = committed(header.height(), hash.get());
    if (ours.isPresent()) {
      stopIfFork(who, ours.get(), theirs);
    }
    throw new ForkFoundException(
        who
            + " proves another block %d than %s has, and no node hands over the certificate of that one"
                .formatted(header.height(), folder.path()),
        Optional.empty(),
        folder.evidence().keep(chain.chainHash(), theirs.last()));
  }

  /** The folder's block at a height with its certificate, from the folder or from any node. */
  private Optional<CommittedHeader> committed(long height, Digest hash)
      throws InterruptedException {
    Optional<CommittedHeader> kept = folder.committed(height);
    if (kept.isPresent()) {
      return kept;
    }
    for (Source source : live().toList()) {
      Answer<HeaderBatch> answer = source.client().headers(height, height);
      if (answer instanceof Answer.Given<HeaderBatch> given
          && given.value().headers().size() == 1
          && given.value().last().header().hash(chain.chainHash()).equals(hash)
          && lightClient.check(given.value().last()).isValid()) {
        return Optional.of(given.value().last());
      }
    }
    return Optional.empty();
  }
}
