package org.quorate.ledger.proof;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Two commit certificates that cannot both be of one chain, and what shows who is to blame
 * (PROTOCOL.md, A7): of one view, the certificates do; of different views, the VIEW-CHANGEs in
 * which signers of the first forgot it.
 *
 * @param first of the lower view, or of the same
 * @param links if the heights differ, the headers from the higher block down to the one that stands
 *     right above the height of the lower
 * @param viewChanges of signers of {@code first}, to views above its own, each of which forgets it
 */
public record Fork(
    Digest chainHash,
    QuorumCertificate first,
    QuorumCertificate second,
    List<BlockHeader> links,
    List<SignedStatement> viewChanges)
    implements FaultProof {
  /** The most headers: votes stand within a window of each other. */
  public static final int LINKS_MAX = ChainParameters.WINDOW_LIMIT;

  /**
   * @throws IllegalArgumentException if a list is too long, the certificates are not of COMMITs, or
   *     not in order
   */
  public Fork {
    links = List.copyOf(links);
    viewChanges = List.copyOf(viewChanges);
    if (first.vote().phase() != Phase.COMMIT || second.vote().phase() != Phase.COMMIT) {
      throw new IllegalArgumentException("a fork is of commit certificates");
    }
    if (first.vote().view() > second.vote().view()) {
      throw new IllegalArgumentException("the certificate of the lower view stands first");
    }
    if (links.size() > LINKS_MAX || viewChanges.size() > ValidatorSet.VALIDATORS_MAX) {
      throw new IllegalArgumentException("a fork has no so many headers or view changes");
    }
  }

  /** The same with the certificates in their order. */
  public static Fork of(
      Digest chainHash,
      QuorumCertificate one,
      QuorumCertificate other,
      List<BlockHeader> links,
      List<SignedStatement> viewChanges) {
    return one.vote().view() <= other.vote().view()
        ? new Fork(chainHash, one, other, links, viewChanges)
        : new Fork(chainHash, other, one, links, viewChanges);
  }

  /**
   * Whether {@code viewChange} belongs into this proof: its signer signed the first certificate,
   * and forgot it.
   */
  public static boolean incriminates(QuorumCertificate first, SignedStatement viewChange) {
    return first.signatures().signatures().containsKey(viewChange.signer())
        && viewChange.statement() instanceof ViewChangeStatement statement
        && ContradictionRules.forgets(statement, first.vote());
  }

  /**
   * Of one view, whoever signed both certificates: COMMITs of one view lie on one chain
   * (PROTOCOL.md, A2), and two quorums share f+1 or more. Of different views, whose view changes
   * are here: to have signed both proves nothing.
   */
  @Override
  public SortedSet<ReplicaId> accused() {
    TreeSet<ReplicaId> accused = new TreeSet<>();
    if (first.vote().view() == second.vote().view()) {
      accused.addAll(first.signatures().signatures().keySet());
      accused.retainAll(second.signatures().signatures().keySet());
    }
    viewChanges.forEach(viewChange -> accused.add(viewChange.signer()));
    return accused;
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.FORK;
  }

  @Override
  public String name() {
    return "fork-height-" + Math.min(first.vote().height(), second.vote().height());
  }
}
