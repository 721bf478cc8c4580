package org.quorate.node.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.consensus.message.RejectedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.node.SimulatedCore;
import org.quorate.node.simulation.SimulatedNetwork.Link;

/**
 * What stands between a node's core and the network: it takes note of all that is said, and if the
 * node is a faulty replica's, its {@link Conduct} says something else, or more.
 */
final class Mouth {
  private final Simulation simulation;
  private final SimulatedNode node;
  private final MessageAuthenticator authenticator;
  private final @Nullable Misconduct misconduct;
  private final @Nullable Conduct conduct;
  private byte @Nullable [] lastPayload;
  private @Nullable Message lastMessage;
  private String lastBrief = "";

  Mouth(Simulation simulation, SimulatedNode node, @Nullable Misconduct misconduct) {
    this.simulation = simulation;
    this.node = node;
    this.authenticator = simulation.chain().authenticator(node.id());
    this.misconduct = misconduct;
    this.conduct =
        misconduct == null
            ? null
            : misconduct.conduct(node, simulation.chain().authenticator(node.id()));
  }

  /** The core forwards transactions. */
  void forward(ReplicaId to, byte[] payload) {
    if (misconduct != Misconduct.MUTE) {
      carry(to, payload, "transactions");
    }
  }

  /** The message in a payload of the core's; a multicast comes here once for each peer. */
  Message said(byte[] payload) {
    if (payload != lastPayload || lastMessage == null) {
      lastPayload = payload;
      lastMessage = opened(SimulatedCore.message(payload));
      lastBrief = Trace.brief(lastMessage);
      simulation.invariants().said(node.id(), lastMessage);
      if (misconduct == Misconduct.TWINS) {
        simulation.invariants().exists(lastMessage);
      }
    }
    return lastMessage;
  }

  /** The core says the message that it {@link #said} last. */
  void say(ReplicaId to, Message message, byte[] payload) {
    if (conduct == null) {
      carry(to, payload, lastBrief);
      return;
    }
    List<Message> instead = conduct.say(to, message);
    if (!instead.equals(List.of(message))) {
      misbehaved();
    }
    instead.forEach(other -> tell(to, other));
  }

  /** A message of the node's own. */
  Message opened(byte[] message) {
    try {
      return authenticator.open(node.id(), message).message();
    } catch (RejectedException e) {
      throw new Violation(node.id() + " says what others must refuse: " + e.getMessage(), e);
    }
  }

  /** A payload has come, and reaches the core next. */
  void hear(ReplicaId from, byte[] payload) {
    if (conduct == null || !SimulatedCore.isMessage(payload)) {
      return;
    }
    try {
      conduct.heard(authenticator.open(from, SimulatedCore.message(payload)).message());
    } catch (RejectedException e) {
      simulation.trace(node.id() + " does not understand " + from + ": " + e.getMessage());
    }
  }

  // What conducts do.

  /** A faulty replica does something else than a correct one would, or more. */
  void misbehaved() {
    if (misconduct != null) {
      simulation.faults().count(misconduct);
    }
  }

  /** A faulty replica says something. */
  void tell(ReplicaId to, Message message) {
    simulation.invariants().exists(message);
    carry(to, SimulatedCore.payload(MessageCodec.encode(message)), Trace.brief(message));
  }

  /** A faulty replica says something that is no message: others must refuse it. */
  void tell(ReplicaId to, byte[] message, String what) {
    carry(to, SimulatedCore.payload(message), what);
  }

  /** A faulty replica says something to everybody. */
  void tellAll(Message message) {
    node.peers().forEach(peer -> tell(peer, message));
  }

  private void carry(ReplicaId to, byte[] payload, String what) {
    for (SimulatedNode receiver : simulation.processes(to)) {
      if (simulation.network().lets(node, receiver, payload)) {
        simulation
            .network()
            .carry(
                new Link(node.id(), to),
                payload,
                node.busyNanos(),
                () -> {
                  simulation.trace(receiver.name() + " <- " + node.name() + ": " + what);
                  receiver.receive(node.id(), payload);
                });
      }
    }
  }
}
