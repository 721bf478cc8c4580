package org.quorate.cli.chaos;

import java.util.List;

/** What a fault can be done to. Everything done is undone by whoever heals the network. */
interface Ground {
  /** How many nodes there are. */
  int size();

  /** The primary of the highest view that any node tells; node 0 if none answers. */
  int primary() throws InterruptedException;

  /** SIGKILL to each before any is waited for. */
  void kill(List<Integer> victims) throws InterruptedException;

  /** SIGSTOP, and SIGCONT after so long. */
  void pause(int node, int millis);

  /** From now on no write to a file of the node's succeeds, as on a full disk. */
  void fillDisk(int node);

  /** Sets the weather between two nodes, in one direction. */
  void weather(int from, int to, LinkWeather weather);
}
