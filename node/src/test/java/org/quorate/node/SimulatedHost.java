package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The machine under one life of a simulated node: a virtual clock, and threads whose turns and
 * tasks are events of the simulation. When the life ends, whatever was to happen in it does not;
 * while the process is stopped, it waits.
 */
public final class SimulatedHost implements Host {
  /** How long a thread of the machine takes to run, at most, once it has something to do. */
  private static final long LATENCY_NANOS_MAX = 200_000;

  private final Events events;
  private final SplittableRandom random;
  private final List<Runnable> waiting = new ArrayList<>();
  private long wallOffsetMillis;
  private long busyNanos;
  private boolean stopped;
  private boolean dead;

  /** The simulation's queue of things to happen. */
  public interface Events {
    /** The virtual time. */
    long nanos();

    /** Lets {@code action} happen when so much time has passed. */
    void after(long nanos, Runnable action);
  }

  /**
   * @param wallOffsetMillis what this machine's clock shows at virtual time 0
   */
  public SimulatedHost(Events events, SplittableRandom random, long wallOffsetMillis) {
    this.events = events;
    this.random = random;
    this.wallOffsetMillis = wallOffsetMillis;
  }

  @Override
  public long nanos() {
    return events.nanos();
  }

  @Override
  public long wallMillis() {
    return wallOffsetMillis + TimeUnit.NANOSECONDS.toMillis(events.nanos());
  }

  @Override
  public long unique() {
    return random.nextLong();
  }

  /** Sets the clock that people see forward, or back if negative. */
  public void jump(long millis) {
    wallOffsetMillis += millis;
  }

  /** The thread that runs now does something that takes time, as waiting for the disk. */
  public void busy(long nanos) {
    busyNanos += nanos;
  }

  /** How long the thread that runs now has been busy in its present turn. */
  public long busyNanos() {
    return busyNanos;
  }

  /** Ends this life: nothing of it happens any more. */
  public void kill() {
    dead = true;
    waiting.clear();
  }

  /** Stops the process, as SIGSTOP does. */
  public void stop() {
    stopped = true;
  }

  /** Lets a stopped process go on. */
  public void resume() {
    stopped = false;
    List<Runnable> due = List.copyOf(waiting);
    waiting.clear();
    due.forEach(action -> after(latency(), action));
  }

  /** Lets something happen in this process, unless its life is over by then. */
  public void after(long nanos, Runnable action) {
    events.after(nanos, () -> run(action));
  }

  /** Lets something happen in this process now, or when it goes on, unless its life is over. */
  public void run(Runnable action) {
    if (stopped) {
      waiting.add(action);
    } else if (!dead) {
      busyNanos = 0;
      action.run();
    }
  }

  private long latency() {
    return random.nextLong(LATENCY_NANOS_MAX);
  }

  @Override
  public TurnThread turns(String name, Turns work) {
    return new VirtualThread(work);
  }

  @Override
  public Tasks tasks(String name) {
    return new VirtualTasks();
  }

  @Override
  public ExecutorService workers(String name, int threads) {
    return new VirtualWorkers(true);
  }

  @Override
  public ExecutorService discardingWorkers(String name, int threads) {
    return new VirtualWorkers(false);
  }

  private final class VirtualThread implements TurnThread {
    private final Turns work;
    private long nextNanos = Long.MAX_VALUE;

    /** The earliest event that will look whether a turn is due; a later one need not be made. */
    private long alarmNanos = Long.MAX_VALUE;

    private long freeNanos;
    private boolean started;
    private boolean ended;

    VirtualThread(Turns work) {
      this.work = work;
    }

    @Override
    public void start() {
      started = true;
      schedule(latency());
    }

    @Override
    public void wake() {
      if (started) {
        schedule(latency());
      }
    }

    private void schedule(long delayNanos) {
      long at = Math.max(freeNanos, nanos() + delayNanos);
      if (!ended && at < nextNanos) {
        nextNanos = at;
        setAlarm();
      }
    }

    private void setAlarm() {
      if (nextNanos < alarmNanos) {
        long at = nextNanos;
        alarmNanos = at;
        after(at - nanos(), () -> alarm(at));
      }
    }

    private void alarm(long at) {
      if (at != alarmNanos) {
        return; // an earlier one has taken its place
      }
      alarmNanos = Long.MAX_VALUE;
      if (nextNanos <= nanos()) {
        turn();
      }
      setAlarm();
    }

    private void turn() {
      nextNanos = Long.MAX_VALUE;
      long sleep = work.turn();
      long woken = nextNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nextNanos - nanos();
      nextNanos = Long.MAX_VALUE;
      freeNanos = nanos() + busyNanos;
      ended = sleep == Turns.END;
      long delay = Math.min(woken, sleep);
      if (!ended && delay != Turns.UNTIL_WOKEN) {
        schedule(delay);
      }
    }

    @Override
    public boolean ended(long millisMax) {
      return ended || !started;
    }
  }

  private final class VirtualTasks implements Tasks {
    private boolean closed;

    @Override
    public void run(Runnable task) {
      after(latency(), task);
    }

    @Override
    public void after(long nanos, Runnable task) {
      SimulatedHost.this.after(
          nanos,
          () -> {
            if (!closed) {
              task.run();
            }
          });
    }

    @Override
    public void every(long millis, Runnable task) {
      after(
          TimeUnit.MILLISECONDS.toNanos(millis),
          () -> {
            task.run();
            every(millis, task);
          });
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public boolean ended(long millisMax) {
      return closed;
    }
  }

  private final class VirtualWorkers extends AbstractExecutorService {
    private final boolean refuses;
    private boolean shutdown;

    VirtualWorkers(boolean refuses) {
      this.refuses = refuses;
    }

    @Override
    public void execute(Runnable task) {
      if (!shutdown) {
        after(latency(), task);
      } else if (refuses) {
        throw new RejectedExecutionException("shut down");
      }
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      shutdown = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }
}
