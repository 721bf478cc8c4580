package org.quorate.cli.light;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeStatus;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Proof;

/**
 * Follows a chain to the highest block that any of some nodes proves, believing none of them.
 *
 * <p>The nodes are asked in turn, each for the next headers. One whose answer does not verify, or
 * that does not answer, is dropped for this sync, and the next is asked for the same; so one
 * correct node among them is enough to get there. Then each that is left is asked for the block at
 * the height that was reached, or at the end of its own chain if that is lower. One height is
 * enough: a block's hash covers all below it, so chains that are the same at one height are the
 * same at all below. A node that proves another block there has shown a fork; one that only claims
 * another has shown that it lies. No hash covers the result of its own block, so where that height
 * is not the one whose result the folder has proven, each is asked for the block there as well: one
 * that proves another result has shown that results diverge.
 *
 * <p>Owned by one thread.
 */
public final class Sync {
  /** A correct node in step is no further behind: the window of the default parameters. */
  static final long BEHIND_BLOCKS_MAX = 64;

  private final LightFolder folder;
  private final ChainSpec chain;
  private final HeaderCheck check;
  private final Sources sources;
  private final ConflictWatch watch;
  private final Consumer<String> warnings;

  /** The height at which {@link #run} has compared the nodes. */
  private long compared;

  /**
   * @param folder opened to be added to
   * @param nodes at least one
   * @param warnings is told of each node that is dropped, in a sentence
   */
  public Sync(LightFolder folder, List<NodeClient> nodes, Consumer<String> warnings) {
    this.folder = folder;
    this.chain = folder.chain();
    this.check = new HeaderCheck(chain);
    this.sources = new Sources(chain, nodes, check, warnings);
    this.watch = new ConflictWatch(folder, sources);
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
   * @throws ConflictFoundException if a node proves another block or result; what was verified
   *     before is kept
   */
  public SyncReport run(Gaps gaps)
      throws CommandFailure, ConflictFoundException, IOException, InterruptedException {
    folder.refuseIfEvidence();
    long beginNanos = System.nanoTime();
    long height = folder.height();
    long blocks = folder.blocks();
    switch (gaps) {
      case FILL -> fillGaps();
      case LEAVE -> {}
      case MAKE -> jump();
    }
    follow(folder.segments().size() - 1, Long.MAX_VALUE);
    for (Source source : sources.live()) {
      compare(source);
    }
    compared = folder.height();
    return new SyncReport(
        height,
        folder.blocks() - blocks,
        Duration.ofNanos(System.nanoTime() - beginNanos),
        sources.live().stream().map(Source::node).toList(),
        sources.dropped());
  }

  /** Extends a segment to {@code target}, or as far as any node has headers. */
  private void follow(int index, long target)
      throws ConflictFoundException, IOException, InterruptedException {
    int segments = folder.segments().size();
    sources.resume();
    while (segments == folder.segments().size()) {
      Optional<Source> source = sources.next();
      if (source.isEmpty()) {
        return;
      }
      step(source.get(), index, target);
    }
  }

  private void fillGaps() throws ConflictFoundException, IOException, InterruptedException {
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
      throws ConflictFoundException, IOException, InterruptedException {
    BlockHeader trusted = folder.last(index);
    long from = trusted.height() + 1;
    long to = Math.min(target, trusted.height() + NodeClient.HEADERS_MAX);
    long beginNanos = System.nanoTime();
    Answer<HeaderBatch> answer = source.client().headers(from, to);
    source.took(Duration.ofNanos(System.nanoTime() - beginNanos));
    if (Sources.isNotFound(answer)) {
      source.finish(trusted.height());
    } else if (!(answer instanceof Answer.Given<HeaderBatch> given)) {
      sources.drop(source, answer);
    } else {
      take(source, index, to, given.value());
    }
  }

  private void take(Source source, int index, long to, HeaderBatch batch)
      throws ConflictFoundException, IOException, InterruptedException {
    Optional<String> fault = check.fault(folder.last(index), to, batch);
    if (fault.isPresent()) {
      Optional<CommittedHeader> ours = folder.segments().get(index).last();
      if (ours.isPresent()) {
        watch.stopIfFork(source.node().toString(), ours.get(), batch);
      }
      sources.drop(source, fault.get());
      return;
    }
    long end = batch.last().header().height();
    Optional<CommittedHeader> above = folder.committed(end);
    if (above.isPresent()) {
      watch.stopIfFork(source.node().toString(), above.get(), batch);
    }
    watch.stopIfOtherResult(source.node().toString(), batch);
    folder.extend(index, batch);
    if (end < to) {
      source.finish(end);
    }
  }

  /**
   * Jumps to the highest checkpoint of which a node has the certificates. Where it is no further
   * away than one answer's headers, there is nothing to gain.
   */
  private void jump() throws CommandFailure, IOException, InterruptedException {
    Optional<HeaderBatch> best = Optional.empty();
    long reached = folder.height() + NodeClient.HEADERS_MAX;
    for (Source source : sources.live()) {
      Optional<NodeStatus> status = sources.status(source);
      if (status.isEmpty() || status.get().stableHeight() <= reached) {
        continue;
      }
      Optional<HeaderBatch> block = sources.single(source, status.get().stableHeight());
      if (block.isPresent() && block.get().checkpoint().isEmpty()) {
        sources.drop(source, "has no certificate of the checkpoint that it says is stable");
      } else if (block.isPresent()) {
        best = block;
        reached = status.get().stableHeight();
      }
    }
    if (best.isPresent()) {
      folder.jump(best.get());
    }
  }

  /** Whether a node's chain is the one that was followed, as far as it goes, and its results. */
  private void compare(Source source)
      throws ConflictFoundException, IOException, InterruptedException {
    long height = folder.height();
    if (height == 0) {
      return; // all nodes of the chain have its genesis block
    }
    Answer<HeaderBatch> answer = source.client().headers(height, height);
    if (Sources.isNotFound(answer)) {
      Optional<NodeStatus> status = sources.status(source);
      if (status.isEmpty()) {
        return;
      }
      height = Math.min(height, status.get().height());
      if (height > 0) {
        answer = source.client().headers(height, height);
      }
    }
    if (height > 0) {
      Optional<HeaderBatch> theirs = sources.single(source, height, answer);
      if (theirs.isEmpty()) {
        return;
      }
      watch.stopIfOther(source.node().toString(), theirs.get());
    }
    Optional<ProvenHeader> proven = folder.proven();
    if (proven.isPresent() && proven.get().header().height() < height) {
      compareAt(source, proven.get().header().height());
    }
    long end = Math.min(height, source.end());
    if (source.live() && end < folder.height() - BEHIND_BLOCKS_MAX) {
      sources.drop(
          source,
          "has no headers above height %d, where others prove block %d: it is behind, or withholds them"
              .formatted(end, folder.height()));
    }
  }

  /** Holds the block that a node has at a height, if it has one, against what was seen there. */
  private void compareAt(Source source, long height)
      throws ConflictFoundException, IOException, InterruptedException {
    Answer<HeaderBatch> answer = source.client().headers(height, height);
    if (answer instanceof Answer.Refused<HeaderBatch>) {
      return; // a node may be behind, or begin with a snapshot above
    }
    Optional<HeaderBatch> theirs = sources.single(source, height, answer);
    if (theirs.isPresent()) {
      watch.stopIfOther(source.node().toString(), theirs.get());
    }
  }

  /**
   * Stops if the block of a proof, or its result, is another than the folder has, or than a node
   * has shown to this object.
   *
   * @param who hands over the proof
   * @param proof one that was verified
   * @throws ConflictFoundException if it is; the folder need not have been opened to be added to
   */
  public void stopIfOther(String who, Proof proof)
      throws ConflictFoundException, IOException, InterruptedException {
    watch.stopIfOther(
        who,
        new HeaderBatch(
            List.of(proof.header()), proof.commit(), Optional.of(proof.checkpointCertificate())));
  }

  /**
   * Asks each node that was not dropped for the block at {@code height}, and stops if it, or its
   * result, is another than was seen. Asks nobody where {@link #run} has compared that height.
   *
   * @throws ConflictFoundException if it is; the folder need not have been opened to be added to
   */
  public void compareAt(long height)
      throws ConflictFoundException, IOException, InterruptedException {
    if (height == compared) {
      return;
    }
    for (Source source : sources.live()) {
      compareAt(source, height);
    }
  }
}
