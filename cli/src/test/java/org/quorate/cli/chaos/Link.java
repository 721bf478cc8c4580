package org.quorate.cli.chaos;

/** The way of the bytes from one node to another, with its weather. Safe for use by any thread. */
final class Link {
  private LinkWeather weather = LinkWeather.CLEAR;
  private long bytesPassed;
  private long flips;

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

  synchronized void flipped() {
    flips++;
  }

  /** How much arrived at the other end. */
  synchronized long bytesPassed() {
    return bytesPassed;
  }

  /** How many bits arrived wrong. */
  synchronized long flips() {
    return flips;
  }
}
