package org.quorate.cli.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.TransactionProof;

/**
 * One transaction on its way. Every node gets the same bytes, which is always safe: a transaction
 * stands in the chain at most once. Owned by one thread.
 */
final class Submitter {
  /** How long one node may take to execute and prove before the next is asked. */
  private static final Duration STEP = Duration.ofSeconds(2);

  /** After so many rounds in which no node was there, there is no network to wait for. */
  private static final int UNREACHED_ROUNDS_MAX = 2;

  private final QuorateClient client;
  private final Transaction transaction;
  private final Deadline deadline;
  private final Reports reports = new Reports();
  private final Set<NodeEndpoint> refusing = new LinkedHashSet<>();
  private final Set<NodeEndpoint> lying = new LinkedHashSet<>();
  private final Set<NodeEndpoint> taking = new LinkedHashSet<>();
  private @Nullable Problem lastRefusal;

  Submitter(QuorateClient client, Transaction transaction, Duration timeout) {
    this.client = client;
    this.transaction = transaction;
    this.deadline = Deadline.in(timeout);
  }

  /** Goes round the nodes until one hands over a proof that holds. */
  Submission untilProven() throws InterruptedException {
    List<NodeClient> order = order();
    for (int round = 1; true; round++) {
      for (NodeClient node : order) {
        if (lying.contains(node.node()) || !takes(node)) {
          continue;
        }
        Optional<Submission> proven = proof(node);
        if (proven.isPresent()) {
          return proven.get();
        }
        if (deadline.isOver()) {
          break;
        }
      }
      Optional<Submission> end = ended(round, order.size());
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** Goes round the nodes until f+1 have taken the transaction. */
  Submission untilTaken() throws InterruptedException {
    List<NodeClient> order = order();
    for (int round = 1; true; round++) {
      for (NodeClient node : order) {
        if (taking.size() < client.enough() && !taking.contains(node.node()) && takes(node)) {
          taking.add(node.node());
        }
      }
      if (taking.size() >= client.enough()) {
        return new Submission.Taken(List.copyOf(taking));
      }
      Optional<Submission> end = ended(round, order.size());
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /** The nodes from one on that the transaction's hash picks, so that clients spread over them. */
  private List<NodeClient> order() {
    List<NodeClient> nodes = client.nodes();
    int first = Math.floorMod(transaction.hash().hashCode(), nodes.size());
    List<NodeClient> order = new ArrayList<>(nodes.subList(first, nodes.size()));
    order.addAll(nodes.subList(0, first));
    return order;
  }

  private boolean takes(NodeClient node) throws InterruptedException {
    Answer<Digest> answer = node.submit(transaction);
    if (answer instanceof Answer.Given<Digest> given) {
      refusing.remove(node.node());
      if (given.value().equals(transaction.hash())) {
        return true;
      }
      lies(node, "took another transaction than it was given, " + given.value());
      return false;
    }
    reports.note(node.node(), answer);
    if (answer instanceof Answer.Refused<Digest> refused && !refused.problem().isLoad()) {
      refusing.add(node.node());
      lastRefusal = refused.problem();
    }
    return false;
  }

  private Optional<Submission> proof(NodeClient node) throws InterruptedException {
    Answer<TransactionProof> answer = node.proof(transaction.hash(), deadline.leftUpTo(STEP));
    if (!(answer instanceof Answer.Given<TransactionProof> given)) {
      reports.note(node.node(), answer);
      return Optional.empty();
    }
    Optional<String> fault = client.fault(given.value(), transaction.hash());
    if (fault.isEmpty()) {
      return Optional.of(new Submission.Proven(given.value(), node.node()));
    }
    lies(node, fault.get());
    return Optional.empty();
  }

  private void lies(NodeClient node, String how) {
    lying.add(node.node());
    reports.noteLie(node.node(), how);
  }

  /** Whether to stop after a round over all nodes; if not, waits a little. */
  private Optional<Submission> ended(int round, int nodes) throws InterruptedException {
    if (lastRefusal != null && refusing.size() >= client.enough()) {
      return Optional.of(new Submission.Refused(lastRefusal, List.copyOf(refusing)));
    }
    boolean nobody = !reports.reached() && taking.isEmpty() && round >= UNREACHED_ROUNDS_MAX;
    if (nobody || lying.size() == nodes || !deadline.pause()) {
      return Optional.of(new Submission.Unproven(reports.reached(), reports.lines()));
    }
    return Optional.empty();
  }
}
