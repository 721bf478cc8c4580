package org.quorate.node.simulation;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Transfer;

/** What happened: the last lines for people, and a hash over all of them. */
final class Trace {
  private static final int LINES = Integer.getInteger("quorate.trace", 60);

  /** Whom no lines are made for. */
  static final Consumer<String> NOBODY = line -> {};

  private final Consumer<String> all;
  private final Line[] last = new Line[LINES];
  private int lines;
  private long hash = 1;

  /** Put together only if somebody reads it. */
  private record Line(long now, String text) {
    @Override
    public String toString() {
      return now + " " + text;
    }
  }

  /**
   * @param all is handed every line
   */
  Trace(Consumer<String> all) {
    this.all = all;
  }

  void line(long now, String text) {
    Line line = new Line(now, text);
    last[lines++ % LINES] = line;
    if (all != NOBODY) {
      all.accept(line.toString());
    }
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
