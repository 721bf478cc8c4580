package org.quorate.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells how far something is: on a terminal in one line that changes each second, else in a line
 * every ten. Owned by one thread.
 */
final class ProgressLine {
  private static final long TERMINAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LINES_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int WIDTH = 78;

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private long toldNanos;
  private boolean open;

  ProgressLine(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.toldNanos = nanoTime.getAsLong();
  }

  /** Whether standard error is a terminal; where the system does not say, it counts as none. */
  static boolean onTerminal() {
    try {
      Path device = Path.of("/proc/self/fd/2").toRealPath();
      return device.startsWith("/dev/pts") || device.toString().startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether it is time to tell again; if so, it is not for a while. */
  boolean isDue() {
    long now = nanoTime.getAsLong();
    if (now - toldNanos < (terminal ? TERMINAL_NANOS : LINES_NANOS)) {
      return false;
    }
    toldNanos = now;
    return true;
  }

  void tell(String line) {
    if (terminal) {
      err.printf("\r%-" + WIDTH + "s", line);
      open = true;
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Removes the line from the terminal. */
  void close() {
    if (open) {
      err.printf("\r%" + WIDTH + "s\r", "");
      err.flush();
      open = false;
    }
  }
}
