package org.quorate.cli.chaos;

/** The way of the bytes from one node to another, with its weather. Safe for use by any thread. */
final class Link {
  private LinkWeather weather = LinkWeather.CLEAR;
  private long bytesPassed;
  private long flips;
  private double flipsExpected;

  synchronized LinkWeather weather() {
    return weather;
  }

  synchronized void set(LinkWeather changed) {
    weather = changed;
    notifyAll();
  }

  /** Waits until bytes may pass, and returns the weather then. */
  synchronized LinkWeather awaitPassable() throws InterruptedException {
    while (weather.reach() == LinkWeather.Reach.SILENT) {
      wait();
    }
    return weather;
  }

  synchronized void passed(int bytes) {
    bytesPassed += bytes;
  }

  /** A chunk that one time in so many has a bit flipped came by. */
  synchronized void garbles(int chunksPerFlip, boolean flipped) {
    flipsExpected += 1.0 / chunksPerFlip;
    flips += flipped ? 1 : 0;
  }

  /** How much arrived at the other end. */
  synchronized long bytesPassed() {
    return bytesPassed;
  }

  /** How many bits arrived wrong. */
  synchronized long flips() {
    return flips;
  }

  /** How many on average would have. */
  synchronized double flipsExpected() {
    return flipsExpected;
  }
}
