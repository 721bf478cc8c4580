package org.quorate.cli.light;

import java.io.IOException;
import java.nio.file.Path;
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
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Fork;

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
  private final HeaderCheck check;
  private final ForkCheck forkCheck;
  private final Sources sources;
  private final Consumer<String> warnings;

  /**
   * @param folder opened to be added to
   * @param nodes at least one
   * @param warnings is told of each node that is dropped, in a sentence
   */
  public Sync(LightFolder folder, List<NodeClient> nodes, Consumer<String> warnings) {
    this.folder = folder;
    this.chain = folder.chain();
    this.check = new HeaderCheck(chain);
    this.forkCheck = new ForkCheck(chain);
    this.sources = new Sources(chain, nodes, check, warnings);
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
    for (Source source : sources.live()) {
      compare(source);
    }
    return new SyncReport(
        height,
        folder.blocks() - blocks,
        Duration.ofNanos(System.nanoTime() - beginNanos),
        sources.live().stream().map(Source::node).toList(),
        sources.dropped());
  }

  /** Extends a segment to {@code target}, or as far as any node has headers. */
  private void follow(int index, long target)
      throws ForkFoundException, IOException, InterruptedException {
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
      throws ForkFoundException, IOException {
    Optional<String> fault = check.fault(folder.last(index), to, batch);
    if (fault.isPresent()) {
      Optional<CommittedHeader> ours = folder.segments().get(index).last();
      if (ours.isPresent()) {
        stopIfFork(source.node().toString(), ours.get(), batch);
      }
      sources.drop(source, fault.get());
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

  private void stopIfFork(String who, CommittedHeader ours, HeaderBatch theirs)
      throws ForkFoundException, IOException {
    Optional<Fork> fork = forkCheck.fork(ours, theirs);
    if (fork.isPresent()) {
      Path file = folder.evidence().keep(fork.get());
      throw new ForkFoundException(
          who + " proves another chain than " + folder.path() + " has", fork, file);
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

  /** Whether a node's chain is the one that was followed, as far as it goes. */
  private void compare(Source source) throws ForkFoundException, IOException, InterruptedException {
    long height = folder.height();
    if (height > 0 && Sources.isNotFound(source.client().headers(height, height))) {
      Optional<NodeStatus> status = sources.status(source);
      if (status.isEmpty()) {
        return;
      }
      height = Math.min(height, status.get().height());
    }
    if (height > 0) { // all nodes of the chain have its genesis block
      Optional<HeaderBatch> theirs = sources.single(source, height);
      if (theirs.isEmpty()) {
        return;
      }
      stopIfOther(source.node().toString(), theirs.get());
    }
    long end = Math.min(height, source.end());
    if (end < folder.height() - BEHIND_BLOCKS_MAX) {
      sources.drop(
          source,
          "has no headers above height %d, where others prove block %d: it is behind, or withholds them"
              .formatted(end, folder.height()));
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
    return kept.isPresent() ? kept : sources.committed(height, hash);
  }
}
