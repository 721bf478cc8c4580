package org.quorate.cli.chaos;

/**
 * What becomes of the bytes that one node sends another. A TLS stream cannot be reordered or lose
 * bytes without ending, so messages change their order only between links: each link has a delay of
 * its own.
 *
 * @param reach whether anything passes
 * @param delayMillis how late each byte arrives
 * @param jitterMillis up to so much later, drawn anew for each chunk; the order is kept
 * @param bytesPerSecondMax how much passes; 0 is without limit
 * @param chunksPerFlip one chunk of so many has a bit flipped; 0 is none
 */
record LinkWeather(
    Reach reach, int delayMillis, int jitterMillis, int bytesPerSecondMax, int chunksPerFlip) {
  static final LinkWeather CLEAR = new LinkWeather(Reach.OPEN, 0, 0, 0, 0);

  /** Whether connections are made and bytes pass. */
  enum Reach {
    /** All is well. */
    OPEN,
    /** Nobody listens; connections that were there are reset. */
    REFUSED,
    /** Connections are accepted and reset at once, old ones too. */
    RESET,
    /** Half open: connections stay and are accepted, and no byte passes. */
    SILENT
  }

  static LinkWeather of(Reach reach) {
    return new LinkWeather(reach, 0, 0, 0, 0);
  }

  static LinkWeather slow(int delayMillis, int jitterMillis) {
    return new LinkWeather(Reach.OPEN, delayMillis, jitterMillis, 0, 0);
  }

  static LinkWeather narrow(int bytesPerSecondMax) {
    return new LinkWeather(Reach.OPEN, 0, 0, bytesPerSecondMax, 0);
  }

  static LinkWeather garbling(int chunksPerFlip) {
    return new LinkWeather(Reach.OPEN, 0, 0, 0, chunksPerFlip);
  }

  /** Whether there can be no connection at all. */
  boolean cut() {
    return reach == Reach.REFUSED || reach == Reach.RESET;
  }
}
