package org.quorate.ledger.chain;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.membership.ReplicaId;

/**
 * What a block's hash covers.
 *
 * <pre>
 * header = u16 version(1) u64 height fixed[32] parentHash u64 proposedView u64 timestampMillis u16 proposer
 *          fixed[32] transactionsRoot u32 transactionCount fixed[32] validatorSetHash
 * hash   = SHA-256("quorate/block/v1\0" ‖ chainHash ‖ header)
 * </pre>
 *
 * @param proposedView the view in which it was first proposed; a later view that takes it over
 *     leaves it as it is
 * @param timestampMillis milliseconds since 1970-01-01T00:00Z by the proposer's clock, above the
 *     parent's
 */
public record BlockHeader(
    long height,
    Digest parentHash,
    long proposedView,
    long timestampMillis,
    ReplicaId proposer,
    Digest transactionsRoot,
    int transactionCount,
    Digest validatorSetHash)
    implements Encodable {
  /** Length of an encoded header. */
  public static final int BYTES = 128;

  private static final int VERSION = 1;
  private static final Domain DOMAIN = Domain.of("block");

  public BlockHeader {
    if (height < 0 || proposedView < 0 || timestampMillis < 0 || transactionCount < 0) {
      throw new IllegalArgumentException(
          "height, view, timestamp and count of a block are not negative");
    }
  }

  /** The block's hash on the chain {@code chainHash}. */
  public Digest hash(Digest chainHash) {
    return DOMAIN.hash(chainHash, encoded());
  }

  @Override
  public void encode(Encoder out) {
    out.u16(VERSION)
        .u64(height)
        .fixed(parentHash.bytes())
        .u64(proposedView)
        .u64(timestampMillis)
        .value(proposer)
        .fixed(transactionsRoot.bytes())
        .u32(transactionCount)
        .fixed(validatorSetHash.bytes());
  }

  /** Reads what {@link #encode} writes. */
  public static BlockHeader decode(Decoder in) throws MalformedException {
    int version = in.u16();
    if (version != VERSION) {
      throw new MalformedException("block version " + version + " is not known, only " + VERSION);
    }
    return new BlockHeader(
        in.u64(),
        Digest.of(in.fixed(Digest.BYTES)),
        in.u64(),
        in.u64(),
        ReplicaId.decode(in),
        Digest.of(in.fixed(Digest.BYTES)),
        in.u32(Integer.MAX_VALUE),
        Digest.of(in.fixed(Digest.BYTES)));
  }
}
