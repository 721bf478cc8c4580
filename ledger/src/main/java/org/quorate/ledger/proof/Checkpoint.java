package org.quorate.ledger.proof;

import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;

/**
 * A replica's word on the result of executing a block. f+1 equal ones prove it, a quorum makes it
 * stable (Castro & Liskov, OSDI '99, §4.3).
 *
 * <pre>
 * checkpoint = u64 height fixed[32] blockHash fixed[32] receiptsRoot fixed[32] stateRoot
 * signature  = Ed25519 over "quorate/checkpoint/v1\0" ‖ chainHash ‖ checkpoint
 * </pre>
 *
 * @param receiptsRoot over the receipts of this block
 * @param stateRoot of the world state after this block
 */
public record Checkpoint(BlockId block, Digest receiptsRoot, Digest stateRoot)
    implements Statement {
  private static final Domain DOMAIN = Domain.of("checkpoint");

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
    out.value(block).fixed(receiptsRoot.bytes()).fixed(stateRoot.bytes());
  }

  /** Reads what {@link #encode} writes. */
  public static Checkpoint decode(Decoder in) throws MalformedException {
    return new Checkpoint(
        BlockId.decode(in), Digest.of(in.fixed(Digest.BYTES)), Digest.of(in.fixed(Digest.BYTES)));
  }
}
