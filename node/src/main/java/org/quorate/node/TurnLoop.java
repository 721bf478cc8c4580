package org.quorate.node;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread of the machine that takes turns, and sleeps in between. */
final class TurnLoop implements TurnThread {
  private final Turns work;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean woken;

  TurnLoop(Turns work, ThreadFactory threads) {
    this.work = work;
    this.thread = threads.newThread(this::loop);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      if (!woken) {
        woken = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void loop() {
    for (long sleep = work.turn(); sleep != Turns.END; sleep = work.turn()) {
      sleep(sleep);
    }
  }

  private void sleep(long nanosMax) {
    lock.lock();
    try {
      long left = nanosMax;
      while (!woken && left > 0) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } catch (InterruptedException e) {
      // Nobody of the node interrupts these threads, since that would close the files they use.
      throw new AssertionError("the thread " + thread.getName() + " was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean ended(long millisMax) {
    if (thread.getState() == Thread.State.NEW) {
      return true;
    }
    try {
      if (millisMax > 0) {
        thread.join(millisMax); // 0 would be for ever
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
