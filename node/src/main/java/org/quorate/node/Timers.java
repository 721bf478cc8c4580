package org.quorate.node;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.quorate.consensus.Timer;
import org.quorate.consensus.TimerSetting;

/**
 * The replica's running timers, at most one of each kind. Times are those of {@link
 * System#nanoTime}. Owned by the replica's thread.
 *
 * <p>A view timer that is found late by more than half its delay tells of this process, not of the
 * primary: it was stopped, or its machine. What the primary sent meanwhile may still lie in the
 * socket. So it is started anew, once, instead of running out.
 */
final class Timers {
  private final EnumMap<Timer, Running> running = new EnumMap<>(Timer.class);

  private record Running(long delayNanos, long dueNanos, boolean again) {
    long lateNanos(long nowNanos) {
      return nowNanos - dueNanos;
    }

    boolean slept(long nowNanos) {
      return lateNanos(nowNanos) > delayNanos / 2;
    }
  }

  /** Starts or stops a timer. */
  void set(TimerSetting setting, long nowNanos) {
    if (setting.delayMillis().isEmpty()) {
      running.remove(setting.timer());
    } else {
      long delay = TimeUnit.MILLISECONDS.toNanos(setting.delayMillis().getAsLong());
      running.put(setting.timer(), new Running(delay, nowNanos + delay, false));
    }
  }

  /** How long until the next timer runs out, at least 0; a day if none runs. */
  long untilNextNanos(long nowNanos) {
    long next = TimeUnit.DAYS.toNanos(1);
    for (Running timer : running.values()) {
      next = Math.min(next, Math.max(0, -timer.lateNanos(nowNanos)));
    }
    return next;
  }

  /** Stops and returns the timers that have run out. */
  List<Timer> takeDue(long nowNanos) {
    List<Timer> due = new ArrayList<>();
    for (Map.Entry<Timer, Running> entry : running.entrySet()) {
      Running timer = entry.getValue();
      if (timer.lateNanos(nowNanos) < 0) {
        continue;
      }
      if (entry.getKey() == Timer.VIEW && timer.slept(nowNanos) && !timer.again()) {
        entry.setValue(new Running(timer.delayNanos(), nowNanos + timer.delayNanos(), true));
      } else {
        due.add(entry.getKey());
      }
    }
    due.forEach(running::remove);
    return due;
  }
}
