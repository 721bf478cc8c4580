package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.quorate.consensus.message.PrePrepare;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.Vote;

/**
 * The prepared certificates that one could show who remembers more than the last: those that others
 * showed, and those that the PREPAREs make which it heard.
 */
final class PreparedSeen {
  static final Comparator<Vote> BY_VIEW_THEN_HEIGHT =
      Comparator.comparingLong(Vote::view).thenComparingLong(Vote::height);

  private static final int CERTIFICATES_MAX = 64;
  private static final int VOTES_MAX = 256;

  private final int quorum;
  private final List<QuorumCertificate> certificates = new ArrayList<>();

  /** Oldest first. */
  private final LinkedHashMap<Vote, TreeMap<ReplicaId, Signature>> votes = new LinkedHashMap<>();

  PreparedSeen(int quorum) {
    this.quorum = quorum;
  }

  /** Takes note of what anybody has signed. */
  void saw(Signed<?> signed) {
    if (signed.content() instanceof PrePrepare prePrepare) {
      saw(signed.signer(), signed.signature(), prePrepare.vote());
    } else if (signed.content() instanceof Prepare prepare) {
      saw(signed.signer(), signed.signature(), prepare.vote());
    } else if (signed.content() instanceof ViewChange viewChange) {
      viewChange.highestPrepared().ifPresent(this::add);
    }
  }

  private void saw(ReplicaId signer, Signature signature, Vote vote) {
    if (!votes.containsKey(vote) && votes.size() == VOTES_MAX) {
      votes.remove(votes.keySet().iterator().next());
    }
    TreeMap<ReplicaId, Signature> of = votes.computeIfAbsent(vote, any -> new TreeMap<>());
    if (of.put(signer, signature) == null && of.size() == quorum) {
      add(new QuorumCertificate(vote, new SignatureSet(of)));
    }
  }

  private void add(QuorumCertificate certificate) {
    if (certificates.stream().noneMatch(known -> known.vote().equals(certificate.vote()))) {
      if (certificates.size() == CERTIFICATES_MAX) {
        certificates.remove(0);
      }
      certificates.add(certificate);
    }
  }

  /** Those of views below {@code view}, but for the greatest. */
  List<QuorumCertificate> outdone(long view) {
    List<QuorumCertificate> below =
        certificates.stream()
            .filter(certificate -> certificate.vote().view() < view)
            .sorted(Comparator.comparing(QuorumCertificate::vote, BY_VIEW_THEN_HEIGHT))
            .toList();
    return below.isEmpty() ? below : below.subList(0, below.size() - 1);
  }
}
