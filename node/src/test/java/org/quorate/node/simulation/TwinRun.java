package org.quorate.node.simulation;

import java.util.EnumSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.SimulatedCore;
import org.quorate.node.simulation.TwinScenario.Round;

/**
 * A chain under one scenario of twins (Bano et al., Twins: BFT Systems Made Robust, OPODIS 2021).
 *
 * <p>Each round begins with three new transactions, one for all processes and two for the group of
 * the first, so that primaries of other groups, a twin's second process among them, propose other
 * blocks and fewer: what was prepared later is not always higher. Then view timers run out, as they
 * may at any time, until all are in, or wait for, the lowest view that the round's primary leads
 * and that nobody has left. STATUS, and VIEW-CHANGEs to lower views, pass everywhere, or views that
 * nobody can enter would hold replicas for ever; proposals, votes and NEW-VIEWs of lower views pass
 * nowhere; all else passes within the groups of the partition, as far as the reach lets it. A round
 * with the same primary as the one before goes on in its view. After the last round everything
 * passes, and the chain must go on.
 */
final class TwinRun {
  private static final int START_MILLIS = 30;
  private static final int ROUND_MILLIS = 160;

  /** Rounds may skip up to three views; each takes two messages and two syncs. */
  private static final int NUDGES = 5;

  private static final int NUDGE_MILLIS = 8;

  // Kinds of messages (see MessageCodec); those before CHECKPOINT are proposals and votes.
  private static final int CHECKPOINT = 0x04;
  private static final int VIEW_CHANGE = 0x05;
  private static final int NEW_VIEW = 0x06;
  private static final int STATUS = 0x10;

  private final TwinScenario scenario;
  private final Simulation simulation;
  private long view;
  private long behaviour = 1;
  private long heightBeforeCalm;

  /**
   * @param seed of how long things take
   * @param twins how many replicas, the first, have two processes
   * @param lines is handed every line of the trace
   */
  TwinRun(long seed, int n, int twins, TwinScenario scenario, Consumer<String> lines) {
    this.scenario = scenario;
    TreeMap<ReplicaId, Misconduct> faulty = new TreeMap<>();
    for (int replica = 0; replica < twins; replica++) {
      faulty.put(new ReplicaId(replica), Misconduct.TWINS);
    }
    int calmAfterMillis = START_MILLIS + scenario.rounds().size() * ROUND_MILLIS;
    this.simulation =
        new Simulation(
            new Configuration(
                seed,
                new Configuration.Shape(
                    n, seed % 3 == 0 ? Configuration.LARGE_BLOCK_TRANSACTIONS : 1, 8, 0),
                faulty,
                0,
                new Weather(
                    Weather.FINE.links(),
                    Weather.FINE.processes(),
                    Weather.FINE.disks(),
                    calmAfterMillis),
                EnumSet.noneOf(Fault.class)),
            lines);
  }

  /**
   * How it went.
   *
   * @param behaviour differs if the replicas stood elsewhere at the end of a round
   * @param heightBeforeCalm how many blocks were final before the network healed
   * @param contradictions how often a correct replica proved that a twin contradicts itself
   */
  record Outcome(
      Simulation.Result result, long behaviour, long heightBeforeCalm, long contradictions) {}

  /** Runs it; a {@link Violation} tells what went wrong. */
  Outcome run() {
    List<Round> rounds = scenario.rounds();
    for (int i = 0; i < rounds.size(); i++) {
      Round round = rounds.get(i);
      int begin = START_MILLIS + i * ROUND_MILLIS;
      simulation.afterMillis(begin, () -> begin(round));
      for (int nudge = 0; nudge < NUDGES; nudge++) {
        simulation.afterMillis(begin + 1 + nudge * NUDGE_MILLIS, this::nudge);
      }
      simulation.afterMillis(begin + ROUND_MILLIS - 1, this::note);
    }
    Simulation.Result result = simulation.run();
    note();
    return new Outcome(result, behaviour, heightBeforeCalm, result.faults().of(Misconduct.TWINS));
  }

  private void begin(Round round) {
    int n = simulation.configuration().n();
    view = simulation.nodes().stream().mapToLong(SimulatedNode::view).max().orElse(0);
    view += Math.floorMod(round.primary().index() - view, n);
    simulation.trace("round: " + round + " in view " + view);
    simulation.network().let((from, to, payload) -> lets(round, from, to, payload));
    simulation.connectAll();
    Transaction forAll = simulation.clients().next();
    Transaction second = simulation.clients().next();
    Transaction third = simulation.clients().next();
    for (SimulatedNode node : simulation.nodes()) {
      node.submit(forAll);
      if (round.partition().together(0, node.process())) {
        node.submit(second);
        node.submit(third);
      }
    }
  }

  private void nudge() {
    for (SimulatedNode node : simulation.nodes()) {
      if (node.view() < view) {
        node.suspect();
      }
    }
  }

  private boolean lets(Round round, SimulatedNode from, SimulatedNode to, byte[] payload) {
    boolean together = round.partition().together(from.process(), to.process());
    if (!SimulatedCore.isMessage(payload)) {
      return together;
    }
    int kind = payload[1];
    boolean skipped = from.view() < view;
    if (kind == STATUS || (kind == VIEW_CHANGE && skipped)) {
      return true;
    }
    if ((kind < CHECKPOINT || kind == NEW_VIEW) && skipped) {
      return false;
    }
    return together && round.reach().lets(kind, to.id().equals(round.primary()));
  }

  private void note() {
    for (SimulatedNode node : simulation.nodes()) {
      long stand = 2 * (node.view() * 1_000 + node.height()) + (node.isActive() ? 1 : 0);
      behaviour = (behaviour ^ stand) * 0x9E3779B97F4A7C15L;
      behaviour ^= behaviour >>> 29;
    }
    if (!simulation.isCalm()) {
      heightBeforeCalm = simulation.invariants().decidedHeight();
    }
  }
}
