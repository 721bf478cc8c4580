package org.quorate.cli.light;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Auditor;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.Finding;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.SignedStatement;

/**
 * Tells a conflict from a lie. What does not continue a verified block, or is another result than a
 * verified one, is a lie, unless it bears a certificate as good as that one's own.
 */
final class ConflictCheck {
  private final ChainSpec chain;
  private final Auditor auditor;

  ConflictCheck(ChainSpec chain) {
    this.chain = chain;
    this.auditor = new Auditor(chain, SignatureVerifier.ED25519);
  }

  /**
   * The proof that headers of a node and a verified block are final and not of one chain, if they
   * are.
   *
   * @param ours with a certificate that was verified
   * @param theirs nothing of which was; its last block is not below {@code ours}
   */
  Optional<Fork> fork(CommittedHeader ours, HeaderBatch theirs) {
    List<BlockHeader> links = new ArrayList<>();
    for (BlockHeader header : theirs.headers()) {
      if (header.height() > ours.header().height()) {
        links.add(header);
      }
    }
    Collections.reverse(links);
    if (ours.commit().vote().phase() != Phase.COMMIT
        || theirs.commit().vote().phase() != Phase.COMMIT) {
      return Optional.empty();
    }
    Fork fork = Fork.of(chain.chainHash(), ours.commit(), theirs.commit(), links, List.of());
    return auditor.judge(fork) instanceof Finding.Proven ? Optional.of(fork) : Optional.empty();
  }

  /**
   * The same proof with those of the view changes that name somebody: of each signer of the first
   * certificate who forgot it one.
   *
   * @param viewChanges nothing of which was verified
   */
  Fork named(Fork fork, List<SignedStatement> viewChanges) {
    TreeMap<ReplicaId, SignedStatement> forgetful = new TreeMap<>();
    for (SignedStatement viewChange : viewChanges) {
      if (!forgetful.containsKey(viewChange.signer())
          && Fork.incriminates(fork.first(), viewChange)
          && viewChange
              .check(chain.validators(), chain.chainHash(), SignatureVerifier.ED25519)
              .isValid()) {
        forgetful.put(viewChange.signer(), viewChange);
      }
    }
    return new Fork(
        fork.chainHash(),
        fork.first(),
        fork.second(),
        fork.links(),
        List.copyOf(forgetful.values()));
  }

  /** The proof that f+1 validators signed either, if they are of one height and differ. */
  Optional<Divergence> divergence(CheckpointCertificate one, CheckpointCertificate other) {
    if (one.height() != other.height() || one.checkpoint().equals(other.checkpoint())) {
      return Optional.empty();
    }
    Divergence divergence = Divergence.of(chain.chainHash(), one, other);
    return auditor.judge(divergence) instanceof Finding.Proven
        ? Optional.of(divergence)
        : Optional.empty();
  }
}
