package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Two clients that submit, and submit again until they know the result, and a third that does what
 * it can to harm the chain.
 */
final class Clients {
  private static final int CORRECT = 2;
  private static final int LIAR = 2;
  private static final int FLOOD_TRANSACTIONS = 60;

  /** More than a node holds of one client, and than its window of nonces has room for. */
  private static final int GREAT_FLOOD_TRANSACTIONS = ReplayWindow.SIZE + 80;

  /** One flood in so many is great, where blocks are large enough that it ends soon. */
  private static final int GREAT_FLOOD_STRIDE = 12;

  private static final int REPLAYED_MAX = 60;
  private static final int RESUBMIT_TIMEOUTS = 6;

  /** The correct ones wait for answers while so many transactions are open, or fewer. */
  private static final int OPEN_MAX = 6;

  /** How long they wait before they look again. */
  private static final int WAIT_MILLIS = 50;

  private final Simulation simulation;
  private final TestChain chain;
  private final SplittableRandom random;
  private final int openMax;
  private final long[] nonces = new long[CORRECT + 1];
  private final List<Transaction> submitted = new ArrayList<>();

  /** What the liar says again: of the correct clients' transactions, and of its own. */
  private final List<Transaction> told = new ArrayList<>();

  private final List<Transaction> lies = new ArrayList<>();

  Clients(Simulation simulation, SplittableRandom random) {
    this.simulation = simulation;
    this.chain = simulation.chain();
    this.random = random;
    this.openMax = openMax(simulation.configuration());
  }

  /** No more than the chain orders while each correct replica is primary once. */
  private static int openMax(Configuration configuration) {
    Configuration.Shape shape = configuration.shape();
    int round =
        shape.rotationIntervalBlocks()
            * shape.blockTransactionsMax()
            * (configuration.n() - configuration.f());
    return round == 0 ? OPEN_MAX : Math.min(OPEN_MAX, round);
  }

  /** All that the correct clients have submitted and nobody has executed. */
  List<Transaction> open() {
    submitted.removeIf(simulation.invariants()::isDecided);
    return submitted;
  }

  /** Plans what the correct clients do until the calm. */
  void plan(int transactions, int calmAfterMillis) {
    boolean bursts = random.nextInt(3) > 0;
    for (int i = 0; i < transactions; i++) {
      long at =
          bursts
              ? random.nextInt(1 + calmAfterMillis / 400) * 400L
              : random.nextInt(calmAfterMillis);
      simulation.after(TimeUnit.MILLISECONDS.toNanos(at), this::submitPatiently);
    }
  }

  /** A correct client submits something. */
  void submitNext() {
    submit(next());
  }

  /**
   * Likewise, but only while few are open, like any client that waits for answers. What still waits
   * when the calm comes is not submitted.
   */
  private void submitPatiently() {
    if (simulation.isCalm()) {
      return;
    }
    if (open().size() < openMax) {
      submitNext();
    } else {
      simulation.afterMillis(WAIT_MILLIS, this::submitPatiently);
    }
  }

  /** The next transaction of a correct client; whoever asks for it must submit it. */
  Transaction next() {
    int client = random.nextInt(CORRECT);
    Transaction transaction =
        chain.transaction(client, ++nonces[client], operations(client, nonces[client]));
    submitted.add(transaction);
    if (told.size() < REPLAYED_MAX) {
      told.add(transaction);
    }
    return transaction;
  }

  private static List<Operation> operations(int client, long nonce) {
    ByteString key = ByteString.utf8("key-" + client);
    return switch ((int) (nonce % 4)) {
      case 0 -> List.of(new Operation.Add(ByteString.utf8("counter"), 1));
      case 1 -> List.of(new Operation.Delete(key));
      default -> List.of(new Operation.Put(key, ByteString.utf8("value " + nonce)));
    };
  }

  private void submit(Transaction transaction) {
    if (simulation.invariants().isDecided(transaction)) {
      return;
    }
    simulation.node(anyReplica()).submit(transaction);
    simulation.after(
        TimeUnit.MILLISECONDS.toNanos((long) RESUBMIT_TIMEOUTS * Configuration.VIEW_TIMEOUT_MILLIS),
        () -> submit(transaction));
  }

  private ReplicaId anyReplica() {
    return new ReplicaId(random.nextInt(simulation.configuration().n()));
  }

  // The liar.

  /** Plans what the liar does until the calm. */
  void planLies(Set<Fault> faults, int calmAfterMillis) {
    for (Fault fault : faults) {
      if (fault.compareTo(Fault.RIVALS) >= 0 && fault.compareTo(Fault.FAILING) <= 0) {
        for (int times = random.nextInt(4); times > 0; times--) {
          long at = random.nextInt(calmAfterMillis);
          simulation.after(TimeUnit.MILLISECONDS.toNanos(at), () -> lie(fault));
        }
      }
    }
  }

  private void lie(Fault fault) {
    simulation.faults().count(fault);
    switch (fault) {
      case RIVALS -> {
        long nonce = ++nonces[LIAR];
        for (ReplicaId replica : chain.spec().validators().replicas()) {
          lie(replica, put(nonce, "rival " + replica.index()));
        }
      }
      case BAD_SIGNATURE -> {
        Transaction good = put(++nonces[LIAR], "signed");
        for (ReplicaId replica : chain.spec().validators().replicas()) {
          lie(replica, replica.index() % 2 == 0 ? good : forged(good));
        }
      }
      case FLOOD -> {
        ReplicaId replica = anyReplica();
        boolean great =
            chain.spec().parameters().blockTransactionsMax() > 1
                && random.nextInt(GREAT_FLOOD_STRIDE) == 0;
        for (int i = great ? GREAT_FLOOD_TRANSACTIONS : FLOOD_TRANSACTIONS; i > 0; i--) {
          lie(replica, put(++nonces[LIAR], "flood"));
        }
      }
      case REPLAYED_TRANSACTION -> {
        // Its own and others', of which most are executed.
        Stream.concat(lies.stream(), told.stream())
            .toList()
            .forEach(old -> simulation.node(anyReplica()).submit(old));
      }
      case BACKUPS_ONLY -> {
        Transaction transaction = put(++nonces[LIAR], "not for the primary");
        for (ReplicaId replica : chain.spec().validators().replicas()) {
          if (!simulation.node(replica).isPrimary()) {
            lie(replica, transaction);
          }
        }
      }
      case OVERSIZED -> {
        char[] text = new char[chain.spec().parameters().transactionBytesMax()];
        Arrays.fill(text, 'x');
        lie(anyReplica(), put(++nonces[LIAR], new String(text)));
      }
      case FAILING ->
          lie(
              anyReplica(),
              chain.transaction(
                  LIAR,
                  ++nonces[LIAR],
                  List.of(
                      new Operation.Put(ByteString.utf8("never"), ByteString.utf8("seen")),
                      new Operation.Require(
                          ByteString.utf8("never"), Optional.of(ByteString.utf8("there"))),
                      new Operation.Add(ByteString.utf8("counter"), Long.MIN_VALUE))));
      default -> throw new AssertionError(fault);
    }
  }

  private void lie(ReplicaId to, Transaction transaction) {
    if (lies.size() < REPLAYED_MAX) {
      lies.add(transaction);
    }
    simulation.node(to).submit(transaction);
  }

  private Transaction put(long nonce, String text) {
    return chain.transaction(LIAR, nonce, text);
  }

  private static Transaction forged(Transaction good) {
    byte[] signature = good.signature().bytes();
    signature[5] ^= 1;
    return new Transaction(
        good.chainHash(), good.client(), good.nonce(), good.operations(), Signature.of(signature));
  }
}
