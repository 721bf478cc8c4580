package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.quorate.consensus.Input;
import org.quorate.consensus.message.Authenticated;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Transfer;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.monitoring.NodeMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes from peers, on its way to the replica and the mempool: decoded and checked here, off
 * the network's threads and off the replica's, in order for each peer. What does not pass goes no
 * further; what finds no room is dropped, which costs only the peer that sent it. Safe for use by
 * any thread; never blocks a thread of the network.
 */
final class PeerInlet {
  private static final Logger log = LoggerFactory.getLogger(PeerInlet.class);
  private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final MessageAuthenticator authenticator;
  private final Inbox inbox;
  private final BiConsumer<List<byte[]>, Runnable> submit;
  private final BooleanSupplier ledgerBusy;
  private final PeerHeights heights;
  private final NodeMetrics metrics;
  private final Clock clock;
  private final List<PeerLane> lanes = new ArrayList<>();
  private final AtomicIntegerArray forwardedWaiting;
  private final AtomicLongArray nextLogNanos;

  /**
   * @param threads opens messages; more than one, or a large proposal delays the votes of others
   * @param submit admits forwarded transactions, and runs the other when they are checked
   * @param ledgerBusy whether so many blocks wait for the ledger that fetched ones are of no use
   */
  PeerInlet(
      int replicas,
      Executor threads,
      MessageAuthenticator authenticator,
      Inbox inbox,
      BiConsumer<List<byte[]>, Runnable> submit,
      BooleanSupplier ledgerBusy,
      PeerHeights heights,
      NodeMetrics metrics,
      Clock clock) {
    this.authenticator = authenticator;
    this.inbox = inbox;
    this.submit = submit;
    this.ledgerBusy = ledgerBusy;
    this.heights = heights;
    this.metrics = metrics;
    this.clock = clock;
    this.forwardedWaiting = new AtomicIntegerArray(replicas);
    this.nextLogNanos = new AtomicLongArray(replicas);
    long now = clock.nanos();
    for (int i = 0; i < replicas; i++) {
      ReplicaId peer = new ReplicaId(i);
      lanes.add(new PeerLane(threads, payload -> open(peer, payload)));
      nextLogNanos.set(i, now);
    }
  }

  /** A link to {@code peer} was made. */
  void connected(ReplicaId peer) {
    if (!inbox.offer(peer, new Input.Connected(peer), 0)) {
      metrics.messageDropped();
    }
  }

  /** A payload came over the link of {@code from}. */
  void received(ReplicaId from, byte[] payload) {
    if (!lanes.get(from.index()).offer(payload)) {
      metrics.messageDropped();
    }
  }

  private void open(ReplicaId from, byte[] payload) {
    try {
      switch (PeerPayload.kind(payload)) {
        case PeerPayload.MESSAGE -> openOrReport(from, payload);
        case PeerPayload.TRANSACTIONS -> admit(from, PeerPayload.transactions(payload));
        default -> reject(from, "unknown_kind", "a payload of no known kind");
      }
    } catch (RejectedException e) {
      reject(from, e.reason().name().toLowerCase(Locale.ROOT), String.valueOf(e.getMessage()));
    } catch (MalformedException e) {
      reject(from, "malformed", String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A fault of ours in reading what a peer sent: to stop for it would let one peer stop all.
      log.error("a message of {} could not be read", from, e);
      metrics.messageRejected("internal");
    }
  }

  /** Whoever waits for an answer of {@code from} learns that this was none. */
  private void openOrReport(ReplicaId from, byte[] payload) throws RejectedException {
    try {
      openMessage(from, payload);
    } catch (RejectedException e) {
      inbox.offer(from, new Input.Rejected(from), 0);
      throw e;
    }
  }

  private void openMessage(ReplicaId from, byte[] payload) throws RejectedException {
    Authenticated opened = authenticator.open(from, PeerPayload.message(payload));
    if (opened.message() instanceof Transfer.Status status) {
      heights.heard(from, status.committed());
    }
    boolean useless =
        opened.message() instanceof Transfer.CommittedBlocks && ledgerBusy.getAsBoolean();
    Input input = new Input.Received(opened, clock.wallMillis());
    if (useless || !inbox.offer(from, input, payload.length)) {
      metrics.messageDropped();
    }
  }

  private void admit(ReplicaId from, List<byte[]> transactions) {
    int count = transactions.size();
    if (forwardedWaiting.addAndGet(from.index(), count) > RunnerLimits.FORWARDED_WAITING_MAX) {
      forwardedWaiting.addAndGet(from.index(), -count);
      metrics.messageDropped();
      return;
    }
    submit.accept(transactions, () -> forwardedWaiting.addAndGet(from.index(), -count));
  }

  private void reject(ReplicaId from, String reason, String detail) {
    metrics.messageRejected(reason);
    long now = clock.nanos();
    long next = nextLogNanos.get(from.index());
    if (now - next >= 0
        && nextLogNanos.compareAndSet(from.index(), next, now + LOG_INTERVAL_NANOS)) {
      log.warn("a message of {} was rejected: {}: {}", from, reason, detail);
    }
  }
}
