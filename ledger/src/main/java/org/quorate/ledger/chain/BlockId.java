package org.quorate.ledger.chain;

import java.util.HexFormat;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

/**
 * A block by its height and hash: {@code u64 height ‖ fixed[32] hash}.
 *
 * @param height 0 for the genesis block
 */
public record BlockId(long height, Digest hash) implements Encodable {
  public BlockId {
    if (height < 0) {
      throw new IllegalArgumentException("a height is not negative");
    }
  }

  @Override
  public void encode(Encoder out) {
    out.u64(height).fixed(hash.bytes());
  }

  /** Reads what {@link #encode} writes. */
  public static BlockId decode(Decoder in) throws MalformedException {
    return new BlockId(in.u64(), Digest.of(in.fixed(Digest.BYTES)));
  }

  @Override
  public String toString() {
    return height + ":" + HexFormat.of().formatHex(hash.bytes(), 0, 4);
  }
}
