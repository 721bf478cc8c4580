package org.quorate.cli.chaos;

import java.util.List;
import java.util.stream.IntStream;

/** One thing that goes wrong. */
sealed interface Fault {
  /** Does it. */
  void strike(Ground ground) throws InterruptedException;

  /** A node, or whichever is primary when the fault strikes. */
  record Victim(int node) {
    private static final int PRIMARY = -1;

    static Victim primary() {
      return new Victim(PRIMARY);
    }

    int resolve(Ground ground) throws InterruptedException {
      return node == PRIMARY ? ground.primary() : node;
    }

    @Override
    public String toString() {
      return node == PRIMARY ? "the primary" : "node" + node;
    }
  }

  /** The node's process ends at once. What it wrote stays, synced or not: the machine goes on. */
  record Kill(Victim victim) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      ground.kill(List.of(victim.resolve(ground)));
    }
  }

  /** All processes end at once. */
  record KillAll() implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      ground.kill(IntStream.range(0, ground.size()).boxed().toList());
    }
  }

  /** The process stands still, with its connections open, and goes on as if nothing had been. */
  record Pause(Victim victim, int millis) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      ground.pause(victim.resolve(ground), millis);
    }
  }

  /** Nothing more can be written; the node must stop rather than go on without its journal. */
  record FullDisk(Victim victim) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      ground.fillDisk(victim.resolve(ground));
    }
  }

  /** The node is cut off from all others, in both directions. */
  record Isolate(Victim victim, LinkWeather.Reach reach) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      int node = victim.resolve(ground);
      for (int other = 0; other < ground.size(); other++) {
        if (other != node) {
          both(ground, node, other, LinkWeather.of(reach));
        }
      }
    }
  }

  /** The node hears the others, and no word of it reaches them. */
  record Mute(Victim victim) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      int node = victim.resolve(ground);
      for (int other = 0; other < ground.size(); other++) {
        if (other != node) {
          ground.weather(node, other, LinkWeather.of(LinkWeather.Reach.SILENT));
        }
      }
    }
  }

  /** No byte passes between these nodes and the others; neither part may be a quorum. */
  record Split(List<Integer> part, LinkWeather.Reach reach) implements Fault {
    public Split {
      part = List.copyOf(part);
    }

    @Override
    public void strike(Ground ground) {
      for (int node : part) {
        for (int other = 0; other < ground.size(); other++) {
          if (!part.contains(other)) {
            both(ground, node, other, LinkWeather.of(reach));
          }
        }
      }
    }
  }

  /**
   * Each link has a delay of its own, so that messages of different nodes, and the two directions
   * of one connection, overtake each other.
   *
   * @param delaysMillis of each ordered pair, row by row
   */
  record Storm(List<Integer> delaysMillis, int jitterMillis) implements Fault {
    public Storm {
      delaysMillis = List.copyOf(delaysMillis);
    }

    @Override
    public void strike(Ground ground) {
      for (int from = 0; from < ground.size(); from++) {
        for (int to = 0; to < ground.size(); to++) {
          if (from != to) {
            int delayMillis = delaysMillis.get(from * ground.size() + to);
            ground.weather(from, to, LinkWeather.slow(delayMillis, jitterMillis));
          }
        }
      }
    }
  }

  /** All links of the node carry only so much. */
  record Throttle(Victim victim, int bytesPerSecondMax) implements Fault {
    @Override
    public void strike(Ground ground) throws InterruptedException {
      int node = victim.resolve(ground);
      for (int other = 0; other < ground.size(); other++) {
        if (other != node) {
          both(ground, node, other, LinkWeather.narrow(bytesPerSecondMax));
        }
      }
    }
  }

  /** Bits flip on all links. TLS must notice, and no more than connections may end. */
  record Garble(int chunksPerFlip) implements Fault {
    @Override
    public void strike(Ground ground) {
      for (int from = 0; from < ground.size(); from++) {
        for (int to = from + 1; to < ground.size(); to++) {
          both(ground, from, to, LinkWeather.garbling(chunksPerFlip));
        }
      }
    }
  }

  private static void both(Ground ground, int one, int other, LinkWeather weather) {
    ground.weather(one, other, weather);
    ground.weather(other, one, weather);
  }
}
