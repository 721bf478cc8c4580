package org.quorate.node;

import java.util.List;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.Input;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.ReplicaStatus;
import org.quorate.consensus.Timer;
import org.quorate.consensus.message.MessageAuthenticator.Signer;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.store.DamageException;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.journal.Journal;

/**
 * A node's core as it is, between a simulated machine, simulated disks and a simulated network: the
 * way into this package for the simulator.
 */
public final class SimulatedCore {
  private final OrderingCore core;
  private final NodeMetrics metrics;
  private final List<JournalRecord> recovered;

  /** What is around the core. */
  public interface Surroundings {
    /** A payload leaves for {@code to}. */
    boolean send(ReplicaId to, byte[] payload);

    /** The replica is in another view, or has entered it. */
    void viewChanged(ReplicaStatus status);

    /** Whether the replica may vote, as far as its memory goes, has changed; or it begins. */
    void recoveryChanged(RecoveryStatus status);

    /** A block was executed and is durable. */
    void executed(CommittedBlock block, Applied applied);

    /** A result was certified. */
    void certified(CheckpointCertificate certificate);

    /** The replica proves that another is faulty. */
    void found(Evidence evidence);

    /** The node must stop. */
    void failed(Throwable cause);
  }

  /**
   * Whose core.
   *
   * @param signer signs as {@code self}
   */
  public record Identity(
      ChainSpec chain, ReplicaId self, Signer signer, SignatureVerifier verifier) {}

  /** What the data folder says of the journal. */
  public enum Memory {
    /** It holds all that was ever signed. */
    WHOLE,
    /** It was made anew for a validator that may have voted before. */
    LOST,
    /** Whatever it forgot, the replica goes on: it is faulty. */
    CARELESS
  }

  private SimulatedCore(OrderingCore core, NodeMetrics metrics, List<JournalRecord> recovered) {
    this.core = core;
    this.metrics = metrics;
    this.recovered = recovered;
  }

  /**
   * Starts a core on what its disks hold.
   *
   * @throws NodeStartException if journal and ledger do not fit
   */
  public static SimulatedCore start(
      Identity identity,
      Ledger ledger,
      Journal.Opened journal,
      Memory memory,
      SimulatedHost host,
      Surroundings around)
      throws NodeStartException {
    ReplicaStorage storage =
        ReplicaStorage.of(ledger, journal, memory != Memory.LOST, "a simulation");
    if (memory == Memory.CARELESS) {
      storage.recovered().removeIf(JournalRecord.Forgot.class::isInstance);
    }
    NodeMetrics metrics = new NodeMetrics();
    OrderingCore core =
        new OrderingCore(
            new OrderingCore.Identity(
                identity.chain(), identity.self(), identity.signer(), identity.verifier()),
            storage,
            new Accusing(around),
            host,
            around::send,
            metrics,
            new Observing(around));
    core.start();
    return new SimulatedCore(core, metrics, storage.recovered());
  }

  /** How often it gave up a primary that had blocks made, but badly (PROTOCOL.md, R24 and R25). */
  public long accusations() {
    return accusations(Suspicion.CENSORSHIP) + accusations(Suspicion.SLOWNESS);
  }

  private long accusations(Suspicion reason) {
    return count("quorate_suspicions_total", reason.word());
  }

  /** How many payloads of peers made something fail inside, where they were read. */
  public long unreadable() {
    return count("quorate_rejected_messages_total", "internal");
  }

  private long count(String counter, String reason) {
    Double count =
        metrics.registry().getSampleValue(counter, new String[] {"reason"}, new String[] {reason});
    return count == null ? 0 : count.longValue();
  }

  /** What the journal held when this life began. */
  public List<JournalRecord> recovered() {
    return recovered;
  }

  /** A payload has come from a peer. */
  public void received(ReplicaId from, byte[] payload) {
    core.inlet().received(from, payload);
  }

  /** A link to a peer was made. */
  public void connected(ReplicaId peer) {
    core.inlet().connected(peer);
  }

  /** A client sends a transaction. */
  public void submit(byte[] transaction) {
    var unused = core.intake().ofClient(List.of(transaction));
  }

  /** The replica's view timer runs out now, whatever it was set to. */
  public void suspect(long wallMillis) {
    core.inbox().offer(new Input.TimerFired(Timer.VIEW, wallMillis));
  }

  /** Transactions that are not executed yet. */
  public int pending() {
    return core.pool().size();
  }

  /** Where the replica stands. */
  public ReplicaStatus status() {
    return core.replica().status();
  }

  /** What the replica must be able to remember now. */
  public List<JournalRecord> liveRecords() {
    return core.replica().liveRecords();
  }

  /** Whether a payload is a message of the consensus, not of clients' transactions. */
  public static boolean isMessage(byte[] payload) {
    return PeerPayload.kind(payload) == PeerPayload.MESSAGE;
  }

  /** The message in a payload that is one. */
  public static byte[] message(byte[] payload) {
    return PeerPayload.message(payload);
  }

  /** The payload of a message. */
  public static byte[] payload(byte[] message) {
    return PeerPayload.ofMessage(message);
  }

  /** The payload of transactions for a peer's mempool. */
  public static byte[] payload(List<Transaction> transactions) {
    return PeerPayload.ofTransactions(transactions);
  }

  /** How many transactions are in a payload that is no message. */
  public static int transactions(byte[] payload) throws MalformedException {
    return PeerPayload.transactions(payload).size();
  }

  private record Accusing(Surroundings around) implements EvidenceSink {
    @Override
    public void found(Evidence evidence) {
      around.found(evidence);
    }

    @Override
    public void entered(ByteString newView) {}

    @Override
    public void forked(ForkError fork) {}
  }

  private record Observing(Surroundings around) implements OrderingCore.Observer {
    @Override
    public void viewChanged(ReplicaStatus status) {
      around.viewChanged(status);
    }

    @Override
    public void recoveryChanged(RecoveryStatus status) {
      around.recoveryChanged(status);
    }

    @Override
    public void executed(CommittedBlock block, Applied applied) {
      around.executed(block, applied);
    }

    @Override
    public void certified(CheckpointCertificate certificate) {
      around.certified(certificate);
    }

    @Override
    public void damaged(DamageException cause) {
      throw new AssertionError("a simulated store is never damaged", cause);
    }

    @Override
    public void failed(Throwable cause) {
      around.failed(cause);
    }
  }
}
