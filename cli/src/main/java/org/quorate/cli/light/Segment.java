package org.quorate.cli.light;

import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CommittedHeader;

/**
 * Heights in a row of which the folder has every hash, in a file of their own.
 *
 * <pre>
 * segment = optional(committed_header) start ‖ u64 count ‖ hash digest ‖ optional(committed_header) last
 * </pre>
 *
 * @param start the block that was jumped to; none for the segment that begins with the genesis
 * @param count how many blocks, at least 1
 * @param digest SHA-256 over the hashes, that is over the first 32 × count bytes of the file
 * @param last the last block; none where that is the genesis
 */
record Segment(
    Optional<CommittedHeader> start, long count, Digest digest, Optional<CommittedHeader> last)
    implements Encodable {
  Segment {
    long first = start.map(block -> block.header().height()).orElse(0L);
    if (count < 1 || count > Long.MAX_VALUE - first) {
      throw new IllegalArgumentException("a segment has at least one block");
    }
    long end = first + count - 1;
    if (last.map(block -> block.header().height()).orElse(0L) != end
        || (start.isPresent() && first == 0)) {
      throw new IllegalArgumentException("a segment ends with its last block");
    }
  }

  /** The height of its first block. */
  long first() {
    return start.map(block -> block.header().height()).orElse(0L);
  }

  /** The height of its last block. */
  long end() {
    return first() + count - 1;
  }

  boolean contains(long height) {
    return first() <= height && height <= end();
  }

  @Override
  public void encode(Encoder out) {
    out.optional(start).u64(count).fixed(digest.bytes()).optional(last);
  }

  /** Reads what {@link #encode} writes. */
  static Segment decode(Decoder in) throws MalformedException {
    return new Segment(
        in.optional(CommittedHeader::decode),
        in.u64(),
        Digest.of(in.fixed(Digest.BYTES)),
        in.optional(CommittedHeader::decode));
  }
}
