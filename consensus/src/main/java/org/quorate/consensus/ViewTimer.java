package org.quorate.consensus;

/**
 * Expects progress within a timeout, which doubles with each consecutive fruitless view change and
 * falls back after progress (PROTOCOL.md, timers; Castro & Liskov, OSDI '99, §4.5.2).
 */
final class ViewTimer {
  /** The timeout grows to at most 2^6 times its base. */
  private static final int DOUBLINGS_MAX = 6;

  private final long baseMillis;
  private final Outbox outbox;
  private int fruitlessViewChanges;
  private boolean running;
  private boolean restart;

  ViewTimer(long baseMillis, Outbox outbox) {
    this.baseMillis = baseMillis;
    this.outbox = outbox;
  }

  /** A block became final. */
  void progressed() {
    fruitlessViewChanges = 0;
    restart = true;
  }

  /** The replica left a view that brought nothing, or waited in vain for one. */
  void viewLeft() {
    fruitlessViewChanges++;
    restart = true;
  }

  /** The replica left a view whose primary has had its term: nothing was fruitless about it. */
  void termOver() {
    restart = true;
  }

  /** The replica entered a view, whose primary gets the whole timeout. */
  void viewEntered() {
    restart = true;
  }

  /** The timer ran out. */
  void fired() {
    running = false;
  }

  /** What it is set to when it starts next. */
  long timeoutMillis() {
    return baseMillis << Math.min(fruitlessViewChanges, DOUBLINGS_MAX);
  }

  /** Starts or stops the timer, as progress is expected or not. */
  void expect(boolean progress) {
    if (progress && (!running || restart)) {
      outbox.start(Timer.VIEW, timeoutMillis());
    } else if (!progress && running) {
      outbox.stop(Timer.VIEW);
    }
    running = progress;
    restart = false;
  }
}
