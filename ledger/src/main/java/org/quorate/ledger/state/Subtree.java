package org.quorate.ledger.state;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

/**
 * A part of the state: the entries whose paths begin with certain bits, and what they hash to:
 * {@code hash beginning ‖ u16 depth ‖ hash root}.
 *
 * @param beginning a path that begins with these bits; the others are 0
 * @param depth how many bits: 0 to 256
 * @param root of the state tree below them; 32 zero bytes if there is no entry
 */
public record Subtree(Digest beginning, int depth, Digest root) implements Encodable {
  public Subtree {
    if (depth < 0 || depth > 8 * Digest.BYTES) {
      throw new IllegalArgumentException("no subtree lies " + depth + " bits deep");
    }
  }

  /** Whether {@code path} leads into it. */
  boolean contains(Digest path) {
    for (int bit = 0; bit < depth; bit++) {
      if (path.bit(bit) != beginning.bit(bit)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void encode(Encoder out) {
    out.fixed(beginning.bytes()).u16(depth).fixed(root.bytes());
  }

  /** Reads what {@link #encode} writes. */
  public static Subtree decode(Decoder in) throws MalformedException {
    return new Subtree(
        Digest.of(in.fixed(Digest.BYTES)), in.u16(), Digest.of(in.fixed(Digest.BYTES)));
  }
}
