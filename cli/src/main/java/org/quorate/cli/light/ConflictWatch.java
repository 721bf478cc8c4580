package org.quorate.cli.light;

import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;

/**
 * Holds the blocks and results that nodes and proofs show against those that were shown before.
 * Where both are proven and cannot both be, it keeps the evidence in the folder and ends the sync.
 * Owned by one thread.
 */
final class ConflictWatch {
  private final LightFolder folder;
  private final ChainSpec chain;
  private final ConflictCheck check;
  private final Sources sources;

  /** The first result seen of each height at which nodes are compared: a few heights of each. */
  private final TreeMap<Long, Seen> results = new TreeMap<>();

  /** A proven result, and who showed it. */
  private record Seen(String who, CheckpointCertificate result) {}

  /**
   * @param sources are asked for a certificate that the folder does not keep
   */
  ConflictWatch(LightFolder folder, Sources sources) {
    this.folder = folder;
    this.chain = folder.chain();
    this.check = new ConflictCheck(chain);
    this.sources = sources;
  }

  /**
   * Stops if headers are final and not of one chain with a block of the folder's. Certificates of
   * two views name nobody; nodes that have seen the fork themselves may have kept who did it.
   *
   * @param who shows them
   * @param theirs nothing of which need have been verified; not below {@code ours}
   */
  void stopIfFork(String who, CommittedHeader ours, HeaderBatch theirs)
      throws ConflictFoundException, IOException, InterruptedException {
    Optional<Fork> fork = check.fork(ours, theirs);
    if (fork.isPresent()) {
      Fork proof = fork.get();
      throw found(
          "the chain has forked: %s proves another chain than %s has".formatted(who, folder.path()),
          proof.accused().isEmpty() ? check.named(proof, sources.viewChanges()) : proof);
    }
  }

  /**
   * Stops if a block that was verified is another than the folder has at its height, or its result
   * another than was seen. To prove another block takes the certificate of the folder's own, which
   * a node is asked for if it is not one of the few that are kept.
   *
   * @param theirs one header, with its certificates
   */
  void stopIfOther(String who, HeaderBatch theirs)
      throws ConflictFoundException, IOException, InterruptedException {
    BlockHeader header = theirs.last().header();
    Optional<Digest> hash = folder.hash(header.height());
    boolean other = hash.isPresent() && !hash.get().equals(header.hash(chain.chainHash()));
    if (other) {
      Optional<CommittedHeader> ours = committed(header.height(), hash.get());
      if (ours.isPresent()) {
        stopIfFork(who, ours.get(), theirs);
      }
    }
    stopIfOtherResult(who, theirs);
    if (other) {
      throw new ConflictFoundException(
          "the chain has forked: %s proves another block %d than %s has, and no node hands over the certificate of that one"
              .formatted(who, header.height(), folder.path()),
          Optional.empty(),
          folder.evidence().keep(chain.chainHash(), theirs.last()));
    }
    if (theirs.checkpoint().isPresent()) {
      results.putIfAbsent(header.height(), new Seen(who, theirs.checkpoint().get()));
    }
  }

  /** The folder's block at a height with its certificate, from the folder or from any node. */
  private Optional<CommittedHeader> committed(long height, Digest hash)
      throws InterruptedException {
    Optional<CommittedHeader> kept = folder.committed(height);
    return kept.isPresent() ? kept : sources.committed(height, hash);
  }

  /**
   * Stops if the result of the last block is proven, and another of that height is: the folder's,
   * or one that was seen.
   */
  void stopIfOtherResult(String who, HeaderBatch theirs)
      throws ConflictFoundException, IOException {
    if (theirs.checkpoint().isEmpty()) {
      return;
    }
    CheckpointCertificate result = theirs.checkpoint().get();
    if (folder.proven().isPresent()) {
      stopIfDiverged(
          new Seen(folder.path().toString(), folder.proven().get().certificate()), who, result);
    }
    Seen seen = results.get(result.height());
    if (seen != null) {
      stopIfDiverged(seen, who, result);
    }
  }

  private void stopIfDiverged(Seen before, String who, CheckpointCertificate result)
      throws ConflictFoundException, IOException {
    Optional<Divergence> divergence = check.divergence(before.result(), result);
    if (divergence.isPresent()) {
      throw found(
          "two results of block %d are proven: one by %s, another by %s"
              .formatted(result.height(), before.who(), who),
          divergence.get());
    }
  }

  private ConflictFoundException found(String message, FaultProof proof) throws IOException {
    return new ConflictFoundException(message, Optional.of(proof), folder.evidence().keep(proof));
  }
}
