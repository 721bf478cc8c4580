package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.EnumSet;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;

/** PROTOCOL.md, R24 and R25, in a whole chain whose first primary orders, but badly. */
final class PrimaryWatchSimulationTest {
  private static final int T = Configuration.VIEW_TIMEOUT_MILLIS;
  private static final int CENSORED = 1;
  private static final int STEP_MILLIS = 10;

  /** The window of R25. */
  private static final int PATIENCE = 8 * T;

  private static final ReplicaId PRIMARY = new ReplicaId(0);
  private static final ReplicaId BACKUP = new ReplicaId(2);

  private static Simulation simulation(Misconduct misconduct) {
    return simulation(
        misconduct, new Configuration.Shape(4, Configuration.LARGE_BLOCK_TRANSACTIONS, 8, 0));
  }

  private static Simulation simulation(Misconduct misconduct, Configuration.Shape shape) {
    TreeMap<ReplicaId, Misconduct> faulty = new TreeMap<>();
    faulty.put(PRIMARY, misconduct);
    Simulation simulation =
        new Simulation(
            new Configuration(9, shape, faulty, 0, Weather.FINE, EnumSet.of(Fault.MISCONDUCT)));
    simulation.run();
    return simulation;
  }

  private static long view(Simulation simulation) {
    return simulation.node(BACKUP).view();
  }

  /** Client 0 has its transactions ordered all the while; client 1 has one. */
  @Test
  void censoredTransactionIsOrderedWithinTwoTimeoutsAfterThePrimaryIsReplaced() {
    Simulation simulation = simulation(Misconduct.CENSORSHIP);
    assertThat(view(simulation)).isZero();
    Transaction censored = simulation.chain().transaction(CENSORED, 5_000, "censored");
    simulation.node(BACKUP).submit(censored);
    int waitedMillis = 0;
    long nonce = 6_000;
    int replacedMillis = -1;
    while (!simulation.invariants().isDecided(censored) && waitedMillis < 20 * T) {
      simulation.node(PRIMARY).submit(simulation.chain().transaction(0, ++nonce, "favoured"));
      simulation.pass(T / 10);
      waitedMillis += T / 10;
      if (replacedMillis < 0 && view(simulation) > 0) {
        replacedMillis = waitedMillis;
      }
    }
    assertThat(replacedMillis).isBetween(T, 4 * T);
    assertThat(waitedMillis - replacedMillis).isLessThan(2 * T);
    assertThat(view(simulation)).isEqualTo(1);
  }

  /** Blocks of one transaction or of four; a load that they hold, or do not. */
  @ParameterizedTest
  @CsvSource({
    "1, 8, 1, false",
    "1, 8, 6, true",
    "1, 2, 6, true",
    "4, 8, 6, false",
    "4, 8, 200, true",
    "4, 2, 200, true",
  })
  void loadAloneChangesNoView(
      int blockTransactionsMax, int windowBlocks, int perStep, boolean tooMuch) {
    Simulation simulation =
        new Simulation(
            new Configuration(
                9,
                new Configuration.Shape(4, blockTransactionsMax, windowBlocks, 0),
                Collections.emptySortedMap(),
                0,
                Weather.FINE,
                EnumSet.noneOf(Fault.class)));
    simulation.run();
    int submitted = 0;
    for (int millis = 0; millis < 2 * PATIENCE; millis += STEP_MILLIS) {
      for (int i = 0; i < perStep; i++) {
        Transaction next = simulation.clients().next();
        simulation.node(new ReplicaId(++submitted % 4)).submit(next);
      }
      simulation.pass(STEP_MILLIS);
    }
    assertThat(simulation.node(PRIMARY).pending() > 1_000).isEqualTo(tooMuch);
    assertThat(simulation.correctNodes())
        .allMatch(node -> node.view() == 0 && node.accusations() == 0);
  }

  private static boolean isReplaced(Simulation simulation) {
    return simulation.correctNodes().stream().allMatch(node -> node.view() > 0 && node.isActive());
  }

  /** As clients do, this one sends to all nodes; so f+1 of them see the same. */
  @Test
  void primaryThatProposesJustBeforeTheTimeoutIsReplaced() {
    Simulation simulation = simulation(Misconduct.SLOW_PROPOSALS);
    assertThat(view(simulation)).isZero();
    long nonce = 6_000;
    int waitedMillis = 0;
    while (!isReplaced(simulation) && waitedMillis < 40 * T) {
      Transaction waits = simulation.chain().transaction(0, ++nonce, "waits");
      simulation.nodes().forEach(node -> node.submit(waits));
      simulation.pass(T / 10);
      waitedMillis += T / 10;
    }
    assertThat(waitedMillis).isBetween(PATIENCE, 2 * PATIENCE);
    assertThat(view(simulation)).isEqualTo(1);
    assertThat(simulation.node(BACKUP).accusations()).isEqualTo(1);
  }

  /** Blocks of one transaction, so that each is full: all that it is late by are its proposals. */
  @ParameterizedTest
  @CsvSource({"2, SLOW_PROPOSALS", "5, SLOW_PROPOSALS", "5, DELAY", "10, DELAY"})
  void primaryThatDelaysEachWindowOfFullBlocksIsReplaced(int windowBlocks, Misconduct misconduct) {
    Simulation simulation = simulation(misconduct, new Configuration.Shape(4, 1, windowBlocks, 0));
    assertThat(view(simulation)).isZero();
    for (int i = 0; i < 200; i++) {
      Transaction waits = simulation.clients().next();
      simulation.nodes().forEach(node -> node.submit(waits));
    }
    int waitedMillis = 0;
    while (!isReplaced(simulation) && waitedMillis < 40 * T) {
      simulation.pass(T / 10);
      waitedMillis += T / 10;
    }
    assertThat(waitedMillis).isBetween(PATIENCE, 2 * PATIENCE);
  }
}
