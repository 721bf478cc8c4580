package org.quorate.cli;

import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Many runs of the simulator that {@code quorate simulate} makes. */
interface SimulateMode {
  /** How many runs there are, as the progress counts them. */
  long size();

  /**
   * Makes them.
   *
   * @param threads how many run at a time
   * @param progress is told how many are done, by any thread
   */
  void run(int threads, LongConsumer progress, SimulateReport report) throws InterruptedException;

  /** Makes the first of them and hands every line of its trace to {@code lines}. */
  void trace(Consumer<String> lines, SimulateReport report);
}
