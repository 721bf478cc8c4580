package org.quorate.consensus.simulation;

import java.util.stream.Collectors;
import org.quorate.consensus.Input;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Transfer;

/** What happened: the last lines for people, and a hash over all of them. */
final class Trace {
  private static final int LINES = Integer.getInteger("quorate.trace", 60);

  private final String[] last = new String[LINES];
  private int lines;
  private long hash = 1;

  void line(long now, String text) {
    last[lines++ % LINES] = now + " " + text;
    hash = (hash ^ now) * 0x9E3779B97F4A7C15L;
    hash = (hash ^ (hash >>> 29) ^ text.hashCode()) * 0xBF58476D1CE4E5B9L;
  }

  /** Of two runs equal if they did the same. */
  long hash() {
    return hash;
  }

  /** Number of lines so far. */
  int size() {
    return lines;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = Math.max(0, lines - LINES); i < lines; i++) {
      text.append(last[i % LINES]).append('\n');
    }
    return text.toString();
  }

  static String brief(Input input) {
    if (input instanceof Input.Received received) {
      return "from " + received.message().from() + ": " + brief(received.message().message());
    } else if (input instanceof Input.Proposal proposal) {
      return "proposal for " + proposal.slot() + ", " + proposal.transactions().size() + " tx";
    } else if (input instanceof Input.Executed executed) {
      return "executed " + executed.checkpoint().block();
    } else if (input instanceof Input.TimerFired fired) {
      return "timer " + fired.timer();
    }
    return input.toString();
  }

  static String brief(Message message) {
    if (message instanceof Transfer.Status status) {
      return "STATUS(v"
          + status.view()
          + (status.active() ? "" : " waiting")
          + " committed "
          + status.committed()
          + " stable "
          + status.stable()
          + " "
          + status.slots().stream()
              .map(s -> s.height() + (s.proposed() ? "p" : "") + s.prepares() + "/" + s.commits())
              .collect(Collectors.joining(" "))
          + ")";
    } else if (message instanceof Transfer.StableCheckpoint stable) {
      return "STABLE(" + stable.certificate().checkpoint().block() + ")";
    } else if (message instanceof Transfer.CommittedBlocks committed) {
      return "COMMITTED" + committed.items().stream().map(i -> i.block().block().id()).toList();
    } else if (message instanceof Transfer.ProposedBlocks proposed) {
      return "PROPOSED" + proposed.blocks();
    }
    return message.toString();
  }
}
