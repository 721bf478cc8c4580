package org.quorate.node;

import java.util.concurrent.ExecutorService;

/**
 * What a node's core runs on: a clock, chance and threads. {@link NodeThreads} has those of the
 * machine; in a simulation the clock is virtual and everything runs in one thread, in an order that
 * a seed decides. Nothing between the sockets and the disk takes time or threads from anywhere
 * else.
 *
 * <p>What a task throws is never lost: it stops the node.
 */
interface Host extends Clock {
  /** A number that, in all likelihood, no other process of any machine got. */
  long unique();

  /** A thread, not started, that takes turns at {@code work}. */
  TurnThread turns(String name, Turns work);

  /** A thread for small tasks. */
  Tasks tasks(String name);

  /** Threads for short work; what comes after its shutdown is refused by an exception. */
  ExecutorService workers(String name, int threads);

  /** Threads for short work; what comes after its shutdown is discarded. */
  ExecutorService discardingWorkers(String name, int threads);
}
