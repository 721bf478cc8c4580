package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Signed;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.Vote;

/**
 * The votes of one phase of one view. Of each signer the first vote for a height counts; a second,
 * different one proves it faulty and counts for nothing (PROTOCOL.md, R8).
 */
final class VoteTally {
  private record Ballot(Vote vote, Signed<?> message) {}

  private final Phase phase;
  private final int quorum;
  private final Outbox outbox;
  private final TreeMap<Long, TreeMap<ReplicaId, Ballot>> heights = new TreeMap<>();

  VoteTally(Phase phase, int quorum, Outbox outbox) {
    this.phase = phase;
    this.quorum = quorum;
    this.outbox = outbox;
  }

  /**
   * Counts a vote of this phase and of the view.
   *
   * @param message as which it was signed: a PRE-PREPARE is its primary's PREPARE
   * @return the certificate, if this is the vote that completes it
   */
  Optional<QuorumCertificate> add(Vote vote, Signed<?> message) {
    if (vote.phase() != phase) {
      throw new AssertionError(vote + " is not of phase " + phase);
    }
    TreeMap<ReplicaId, Ballot> ballots =
        heights.computeIfAbsent(vote.height(), height -> new TreeMap<>());
    @Nullable Ballot earlier = ballots.putIfAbsent(message.signer(), new Ballot(vote, message));
    if (earlier != null) {
      if (!earlier.vote().equals(vote)) {
        outbox.accuse(earlier.message(), message);
      }
      return Optional.empty();
    }
    if (ballots.size() < quorum) {
      return Optional.empty();
    }
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    ballots.forEach(
        (signer, ballot) -> {
          if (ballot.vote().equals(vote)) {
            signatures.put(signer, ballot.message().signature());
          }
        });
    return signatures.size() == quorum
        ? Optional.of(new QuorumCertificate(vote, new SignatureSet(signatures)))
        : Optional.empty();
  }

  /** Who voted at {@code height}, for whatever block. */
  List<ReplicaId> signers(long height) {
    return List.copyOf(ballots(height).keySet());
  }

  /** The message in which {@code signer} voted at {@code height}. */
  Optional<Signed<?>> message(long height, ReplicaId signer) {
    return Optional.ofNullable(ballots(height).get(signer)).map(Ballot::message);
  }

  private SortedMap<ReplicaId, Ballot> ballots(long height) {
    return heights.getOrDefault(height, new TreeMap<>());
  }

  /** The heights above {@code height} at which somebody voted. */
  List<Long> heightsAbove(long height) {
    return new ArrayList<>(heights.tailMap(height, false).keySet());
  }

  /** Forgets votes up to {@code height}, which a stable checkpoint has passed. */
  void forgetUpTo(long height) {
    while (!heights.isEmpty() && heights.firstKey() <= height) {
      heights.pollFirstEntry();
    }
  }

  /** Forgets all votes: another view begins. */
  void clear() {
    heights.clear();
  }

  /** Votes held, for the bounds that tests check. */
  int size() {
    return heights.values().stream().mapToInt(Map::size).sum();
  }
}
