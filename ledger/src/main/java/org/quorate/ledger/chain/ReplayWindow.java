package org.quorate.ledger.chain;

import java.util.Arrays;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * Which nonces of one client the chain has used: the highest, and a bitmap of the {@value #SIZE} up
 * to it, as RFC 6479 does for packets. A nonce inside the window may come in any order, once; one
 * below it is too old. Immutable.
 *
 * <pre>
 * window = u64 highest, 16 × i64 bitmap     bit i of word w (least significant first) = nonce highest − (64 w + i) was used
 * </pre>
 */
public final class ReplayWindow implements Encodable {
  /** How many nonces back from the highest are remembered. */
  public static final int SIZE = 1_024;

  private static final int WORDS = SIZE / Long.SIZE;

  /** No nonce used yet. */
  public static final ReplayWindow EMPTY = new ReplayWindow(0, new long[WORDS]);

  private final long highest;
  private final long[] used;

  private ReplayWindow(long highest, long[] used) {
    this.highest = highest;
    this.used = used;
  }

  /** What a nonce is to this window. */
  public enum Freshness {
    FRESH,
    REPEATED,
    TOO_OLD
  }

  /** The highest nonce used, 0 if none. */
  public long highest() {
    return highest;
  }

  /** Whether {@code nonce}, at least 1, may still be used. */
  public Freshness freshness(long nonce) {
    if (nonce > highest) {
      return Freshness.FRESH;
    }
    long age = highest - nonce;
    if (age >= SIZE) {
      return Freshness.TOO_OLD;
    }
    return isUsed(used, age) ? Freshness.REPEATED : Freshness.FRESH;
  }

  private static boolean isUsed(long[] used, long age) {
    return (used[(int) (age / Long.SIZE)] >>> (age % Long.SIZE) & 1) == 1;
  }

  /**
   * The window after {@code nonce} was used.
   *
   * @throws IllegalArgumentException if it is not fresh
   */
  public ReplayWindow with(long nonce) {
    if (nonce < 1 || freshness(nonce) != Freshness.FRESH) {
      throw new IllegalArgumentException("nonce " + nonce + " is not fresh");
    }
    long[] next = nonce > highest ? shifted(nonce - highest) : used.clone();
    long newHighest = Math.max(highest, nonce);
    long age = newHighest - nonce;
    next[(int) (age / Long.SIZE)] |= 1L << (age % Long.SIZE);
    return new ReplayWindow(newHighest, next);
  }

  /** The bitmap {@code by} nonces older; what falls out of the window is forgotten. */
  private long[] shifted(long by) {
    long[] next = new long[WORDS];
    if (by >= SIZE) {
      return next;
    }
    int words = (int) (by / Long.SIZE);
    int bits = (int) (by % Long.SIZE);
    for (int i = WORDS - 1; i >= words; i--) {
      next[i] = used[i - words] << bits;
      if (bits > 0 && i > words) {
        next[i] |= used[i - words - 1] >>> (Long.SIZE - bits);
      }
    }
    return next;
  }

  @Override
  public void encode(Encoder out) {
    out.u64(highest);
    for (long word : used) {
      out.i64(word);
    }
  }

  /** Reads what {@link #encode} writes. */
  public static ReplayWindow decode(Decoder in) throws MalformedException {
    long highest = in.u64();
    long[] used = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      used[i] = in.i64();
    }
    if (highest > 0 && (used[0] & 1) == 0) {
      throw new MalformedException("the highest nonce of a replay window is a used one");
    }
    for (long age = highest; age < SIZE; age++) {
      if (isUsed(used, age)) {
        throw new MalformedException("a replay window has no nonce below 1");
      }
    }
    return new ReplayWindow(highest, used);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReplayWindow window
        && highest == window.highest
        && Arrays.equals(used, window.used);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(highest) * 31 + Arrays.hashCode(used);
  }

  @Override
  public String toString() {
    return "replay window up to " + highest;
  }
}
