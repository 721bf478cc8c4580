package org.quorate.consensus.message;

import java.util.Optional;
import org.quorate.ledger.codec.Encoder;

/**
 * {@link Transfer.CommittedBlocks} put together from the bytes of blocks and certificates as they
 * are stored, so that whoever serves them need not decode them: the receiver checks all of it. One
 * thread's.
 */
public final class StoredBlocks {
  private final Encoder items = new Encoder();
  private int count;
  private long bytes;

  /**
   * Adds the block after the last one.
   *
   * @param block an encoded {@link org.quorate.ledger.proof.CommittedBlock}
   * @param checkpoint an encoded {@link org.quorate.ledger.proof.CheckpointCertificate} of it
   */
  public void add(byte[] block, Optional<byte[]> checkpoint) {
    items.fixed(block).u8(checkpoint.isPresent() ? 1 : 0);
    checkpoint.ifPresent(items::fixed);
    count++;
    bytes += block.length + checkpoint.map(certificate -> certificate.length).orElse(0);
  }

  /** Whether an answer takes no further block. */
  public boolean isFull() {
    return count >= Transfer.BLOCKS_MAX || bytes >= Transfer.BYTES_SOFT_MAX;
  }

  /** How many blocks there are. */
  public int count() {
    return count;
  }

  /** The message, as {@link MessageCodec#encode} makes it of the decoded parts. */
  public byte[] message() {
    return new Encoder()
        .u8(MessageCodec.COMMITTED_BLOCKS)
        .u32(count)
        .fixed(items.toBytes())
        .toBytes();
  }
}
