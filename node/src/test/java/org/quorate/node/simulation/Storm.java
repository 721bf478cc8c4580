package org.quorate.node.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.simulation.SimulatedNetwork.Link;

/** When in an episode what fails, as its weather says. */
final class Storm {
  /** The longest that a process is dead or stopped, or a disk or link out of order. */
  private static final int OUTAGE_MILLIS_MAX = 1_500;

  /** How many times in a storm one that goes on regardless loses its journal. */
  private static final int FORGETS_MAX = 3;

  /** How far a wall clock jumps: beyond what a chain's clock drift allows. */
  private static final int JUMP_MILLIS_MAX = 5_000;

  private final Simulation simulation;
  private final Weather weather;
  private final SplittableRandom random;

  Storm(Simulation simulation, Weather weather, SplittableRandom random) {
    this.simulation = simulation;
    this.weather = weather;
    this.random = random;
  }

  /** Plans all of it, from now on. */
  void plan() {
    times(weather.links().cuts(), this::cut);
    times(weather.links().clogs(), this::clog);
    times(weather.links().reconnects(), this::reconnect);
    times(weather.processes().crashes(), () -> crash(anyNode()));
    times(weather.processes().powerLosses(), this::powerLoss);
    times(weather.processes().pauses(), () -> pause(anyNode()));
    times(weather.processes().clockJumps(), () -> jump(anyNode()));
    for (int i = 0; i < weather.processes().longOutages(); i++) {
      simulation.afterMillis(
          50 + random.nextInt(weather.calmAfterMillis() / 4), this::leaveForLong);
    }
    times(weather.disks().syncErrors(), () -> fail(anyNode(), Fault.SYNC_ERROR));
    times(weather.disks().full(), () -> fail(anyNode(), Fault.DISK_FULL));
    if (simulation.configuration().losesDisks() && mayLoseADisk()) {
      loseDisk();
    }
    simulation.nodes().stream()
        .filter(SimulatedNode::isAmnesiac)
        .forEach(node -> times(1 + random.nextInt(FORGETS_MAX), () -> forget(node)));
  }

  /** If the chain must go on, one at a time. */
  private boolean mayLoseADisk() {
    return !simulation.configuration().live()
        || simulation.correctNodes().stream().noneMatch(SimulatedNode::mayHaveForgotten);
  }

  /** Of one node that keeps to the protocol, in the first half of the storm. */
  private void loseDisk() {
    List<SimulatedNode> correct = simulation.correctNodes();
    SimulatedNode node = correct.get(random.nextInt(correct.size()));
    int at = weather.calmAfterMillis() / 10 + random.nextInt(weather.calmAfterMillis() / 2);
    Set<Fault> faults = simulation.configuration().faults();
    if (faults.contains(Fault.WIPED_DISK)) {
      lose(node, Fault.WIPED_DISK, at, node::wipe);
    } else if (faults.contains(Fault.BIT_FLIP)) {
      lose(node, Fault.BIT_FLIP, at, node::decay);
    } else {
      int then = random.nextInt(at);
      simulation.afterMillis(then, () -> lose(node, Fault.OLDER_DISK, at - then, node.backUp()));
    }
  }

  private void lose(SimulatedNode node, Fault loss, int millis, Runnable action) {
    simulation.afterMillis(
        millis,
        () -> {
          simulation.faults().count(loss);
          simulation.trace(node.id() + "'s disk: " + loss.word());
          action.run();
          later(20 + random.nextInt(200), node::start);
        });
  }

  /** Now, or as soon as it has said what most depends on its memory. Seldom with its ledger. */
  private void forget(SimulatedNode node) {
    boolean ledgerToo = random.nextInt(4) == 0;
    if (random.nextBoolean()) {
      node.forgetAfterCommit(ledgerToo);
    } else {
      node.forget(ledgerToo);
    }
  }

  private void times(int count, Runnable action) {
    for (int i = 0; i < count; i++) {
      simulation.afterMillis(random.nextInt(weather.calmAfterMillis()), action);
    }
  }

  private int outageMillis() {
    return 10 + random.nextInt(OUTAGE_MILLIS_MAX);
  }

  /** What ends a fault of this storm; in the calm everything has ended already. */
  private void later(int millis, Runnable action) {
    simulation.afterMillis(
        millis,
        () -> {
          if (!simulation.isCalm()) {
            action.run();
          }
        });
  }

  private SimulatedNode anyNode() {
    List<SimulatedNode> nodes = simulation.nodes();
    return nodes.get(random.nextInt(nodes.size()));
  }

  private void crash(SimulatedNode node) {
    simulation.faults().count(Fault.CRASH);
    node.crash();
    later(outageMillis(), node::start);
  }

  /** A correct node misses the others' blocks, and often comes back while they make more. */
  private void leaveForLong() {
    List<SimulatedNode> correct =
        simulation.nodes().stream()
            .filter(node -> simulation.configuration().isCorrect(node.id()))
            .toList();
    SimulatedNode node = correct.get(random.nextInt(correct.size()));
    simulation.faults().count(Fault.LONG_OUTAGE);
    node.die();
    later(weather.calmAfterMillis() / 2 + random.nextInt(weather.calmAfterMillis()), node::start);
  }

  private void powerLoss() {
    simulation.faults().count(Fault.POWER_LOSS);
    for (SimulatedNode node : simulation.nodes()) {
      node.die();
      later(10 + random.nextInt(300), node::start);
    }
  }

  private void pause(SimulatedNode node) {
    simulation.faults().count(Fault.PAUSE);
    simulation.trace(node.id() + " is stopped");
    node.pause();
    later(outageMillis(), node::resume);
  }

  private void jump(SimulatedNode node) {
    simulation.faults().count(Fault.CLOCK_JUMP);
    int millis = random.nextInt(2 * JUMP_MILLIS_MAX) - JUMP_MILLIS_MAX;
    simulation.trace(node.id() + "'s clock jumps by " + millis + " ms");
    node.jump(millis);
    later(outageMillis(), () -> node.jump(-millis));
  }

  private void fail(SimulatedNode node, Fault fault) {
    simulation.faults().count(fault);
    simulation.trace(node.id() + "'s disk fails: " + fault.word());
    node.diskFault().fail(fault);
    later(outageMillis(), () -> node.diskFault().fail(null));
  }

  /** Two halves, or any links, each in one direction. */
  private void cut() {
    Set<Fault> may = simulation.configuration().faults();
    boolean halves =
        may.contains(Fault.PARTITION) && (!may.contains(Fault.ONE_WAY) || random.nextBoolean());
    Set<ReplicaId> side = new HashSet<>();
    simulation.replicas().stream().filter(replica -> random.nextBoolean()).forEach(side::add);
    List<Link> links =
        allLinks().stream()
            .filter(
                link ->
                    halves
                        ? side.contains(link.from()) != side.contains(link.to())
                        : random.nextInt(5) < 2)
            .toList();
    simulation.faults().count(halves ? Fault.PARTITION : Fault.ONE_WAY);
    simulation.trace(halves ? side.size() + " replicas are cut off" : "some links are cut");
    simulation.network().cut(links);
    later(outageMillis(), () -> mend(links));
  }

  /** What was cut once more in the meantime stays so. */
  private void mend(List<Link> links) {
    simulation.network().mend(links);
    for (Link link : links) {
      if (!simulation.network().isCut(link)) {
        simulation.connect(link.from(), link.to());
      }
    }
  }

  /** The links of some nodes clog one after the other, and are free again in another order. */
  private void clog() {
    simulation.faults().count(Fault.CLOG);
    List<SimulatedNode> nodes = new ArrayList<>(simulation.nodes());
    Collections.shuffle(nodes, new Random(random.nextLong()));
    for (SimulatedNode node : nodes.subList(0, 1 + random.nextInt(nodes.size()))) {
      int begin = random.nextInt(400);
      int end = begin + 50 + random.nextInt(800);
      for (Link link : allLinks()) {
        if (link.from().equals(node.id()) || link.to().equals(node.id())) {
          later(begin, () -> simulation.network().clog(link));
          later(end, () -> simulation.network().unclog(link));
        }
      }
    }
  }

  private void reconnect() {
    List<Link> links = allLinks();
    if (links.isEmpty()) {
      return;
    }
    Link link = links.get(random.nextInt(links.size()));
    simulation.faults().count(Fault.RECONNECT);
    simulation.network().breakLink(link);
    simulation.network().breakLink(new Link(link.to(), link.from()));
    later(1 + random.nextInt(100), () -> simulation.connect(link.from(), link.to()));
  }

  private List<Link> allLinks() {
    List<Link> links = new ArrayList<>();
    for (ReplicaId from : simulation.replicas()) {
      for (ReplicaId to : simulation.replicas()) {
        if (!from.equals(to)) {
          links.add(new Link(from, to));
        }
      }
    }
    return links;
  }
}
