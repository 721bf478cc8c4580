package org.quorate.ledger.state;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;

/**
 * A subtree of the state tree, as far as its parent's hash sees it.
 *
 * <pre>
 * empty  32 zero bytes
 * leaf   SHA-256(0x00 ‖ path ‖ value digest)         the only leaf of the subtree, however deep that is
 * inner  SHA-256(0x01 ‖ left hash ‖ right hash)      of two leaves or more
 * </pre>
 */
sealed interface Subtree {
  /** No leaf. */
  Subtree EMPTY = new Empty();

  /** What its parent hashes. */
  Digest hash();

  record Empty() implements Subtree {
    @Override
    public Digest hash() {
      return Digest.ZERO;
    }
  }

  /**
   * One leaf.
   *
   * @param path the digest of the namespaced key, which leads from the root to it, bit by bit
   * @param value the digest of the value
   */
  record Leaf(Digest path, Digest value, Digest hash) implements Subtree {}

  /** Two leaves or more. */
  record Inner(Digest hash) implements Subtree {}

  /** One byte 0x01 and path and value digest of a leaf, or 0x02 and the hash of an inner node. */
  static byte[] encoded(Subtree subtree) {
    Encoder out = new Encoder();
    if (subtree instanceof Leaf leaf) {
      out.u8(1).fixed(leaf.path().bytes()).fixed(leaf.value().bytes());
    } else if (subtree instanceof Inner inner) {
      out.u8(2).fixed(inner.hash().bytes());
    } else {
      throw new AssertionError("an empty subtree is not stored");
    }
    return out.toBytes();
  }

  /** Reads what {@link #encoded} writes. */
  static Subtree decode(Decoder in, Hasher hasher) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 1 -> leaf(digest(in), digest(in), hasher);
      case 2 -> new Inner(digest(in));
      default -> throw new MalformedException("no subtree has the kind " + kind);
    };
  }

  private static Digest digest(Decoder in) throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }

  /** The subtree that is one leaf. */
  static Leaf leaf(Digest path, Digest value, Hasher hasher) {
    return new Leaf(path, value, hasher.add(0).add(path).add(value).digest());
  }

  /** The subtree of two halves. A leaf alone rises: it is the same leaf a level up. */
  static Subtree join(Subtree left, Subtree right, Hasher hasher) {
    if (right instanceof Empty && !(left instanceof Inner)) {
      return left;
    }
    if (left instanceof Empty && !(right instanceof Inner)) {
      return right;
    }
    return new Inner(hasher.add(1).add(left.hash()).add(right.hash()).digest());
  }
}
