package org.quorate.ledger.proof;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;

/**
 * A replica's PREPARE or COMMIT for a block in a view. A primary's PRE-PREPARE is signed as its
 * PREPARE.
 *
 * <pre>
 * vote      = u8 phase(1 PREPARE, 2 COMMIT) u64 view u64 height fixed[32] blockHash
 * signature = Ed25519 over "quorate/vote/v1\0" ‖ chainHash ‖ vote
 * </pre>
 */
public record Vote(Phase phase, long view, BlockId block) implements Statement {
  private static final Domain DOMAIN = Domain.of("vote");

  public Vote {
    if (view < 0) {
      throw new IllegalArgumentException("a view is not negative");
    }
  }

  /** The height of the block. */
  public long height() {
    return block.height();
  }

  @Override
  public byte[] signedBytes(Digest chainHash) {
    return DOMAIN.frame(chainHash, encoded());
  }

  @Override
  public void encode(Encoder out) {
    out.u8(phase.code()).u64(view).value(block);
  }

  /** Reads what {@link #encode} writes. */
  public static Vote decode(Decoder in) throws MalformedException {
    int code = in.u8();
    Phase phase =
        switch (code) {
          case 1 -> Phase.PREPARE;
          case 2 -> Phase.COMMIT;
          default -> throw new MalformedException("no phase has the code " + code);
        };
    return new Vote(phase, in.u64(), BlockId.decode(in));
  }
}
