package org.quorate.node;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The payloads of one peer that wait to be opened: one at a time, in the order they came, on
 * whatever thread is free. After each the lane goes to the end of the line, so that peers take
 * turns. Bounded; safe for use by any thread.
 */
final class PeerLane {
  private final Executor threads;
  private final Consumer<byte[]> open;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean running;

  PeerLane(Executor threads, Consumer<byte[]> open) {
    this.threads = threads;
    this.open = open;
  }

  /** Puts a payload in line; false, and nothing is kept, if there is no room. Never blocks. */
  synchronized boolean offer(byte[] payload) {
    if (waiting.size() >= RunnerLimits.LANE_MESSAGES_MAX
        || (!waiting.isEmpty() && waitingBytes + payload.length > RunnerLimits.LANE_BYTES_MAX)) {
      return false;
    }
    waiting.add(payload);
    waitingBytes += payload.length;
    if (!running) {
      running = true;
      threads.execute(this::openNext);
    }
    return true;
  }

  private void openNext() {
    open.accept(next());
    if (goesOn()) {
      threads.execute(this::openNext);
    }
  }

  private synchronized byte[] next() {
    byte[] payload = waiting.remove();
    waitingBytes -= payload.length;
    return payload;
  }

  private synchronized boolean goesOn() {
    running = !waiting.isEmpty();
    return running;
  }
}
