package org.quorate.consensus;

import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * What a replica may never forget, because it has said it, or may say it, to others.
 *
 * <pre>
 * record = 0x01 u64 view              ViewLeft
 *        | 0x02 u64 view blockId      ViewEntered
 *        | 0x03 bytes                 NewViewSeen
 *        | 0x04 block                 Accepted
 *        | 0x05 u64 view blockId      Voted
 *        | 0x06 certificate           Prepared
 *        | 0x07 u64 view              Abstained
 *        | 0x08 u64 height            VotedUpTo
 *        | 0x09                       Forgot
 *        | 0x0a u64 view u64 height   Told
 *        | 0x0b u64 view              Suspected
 * </pre>
 */
public sealed interface JournalRecord extends Encodable {
  /** The longest NEW-VIEW that is kept. */
  int NEW_VIEW_BYTES_MAX = 8 << 20;

  /** All views below {@code view} are left for good: a VIEW-CHANGE for it may have been sent. */
  record ViewLeft(long view) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(1).u64(view);
    }
  }

  /** {@code view} was entered at {@code base}. */
  record ViewEntered(long view, BlockId base) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(2).u64(view).value(base);
    }
  }

  /** The NEW-VIEW message that justified the view, as it was sent, for those who missed it. */
  record NewViewSeen(ByteString message) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(3).value(message);
    }
  }

  /**
   * A block that this replica holds and must be able to show; its parent was recorded before it or
   * is final.
   */
  record Accepted(Block block) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(4).value(block);
    }
  }

  /** This replica's PREPARE for {@code block} in {@code view}. */
  record Voted(long view, BlockId block) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(5).u64(view).value(block);
    }
  }

  /** The highest prepared certificate so far; a COMMIT may have been sent on the strength of it. */
  record Prepared(QuorumCertificate certificate) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(6).value(certificate);
    }
  }

  /** This replica voted off the certified chain of {@code view} and votes no more in it. */
  record Abstained(long view) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(7).u64(view);
    }
  }

  /** The greatest height at which this replica voted, in whatever view. */
  record VotedUpTo(long height) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(8).u64(height);
    }
  }

  /** This replica has signed what this journal does not know (PROTOCOL.md, R20). */
  record Forgot() implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(9);
    }
  }

  /**
   * The others have told this replica, which had forgotten, that what it signed is of views up to
   * {@code view}, and its COMMITs of heights up to {@code height} (PROTOCOL.md, R21).
   */
  record Told(long view, long height) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(10).u64(view).u64(height);
    }
  }

  /** This replica asked the others for {@code view}, and takes that back never. */
  record Suspected(long view) implements JournalRecord {
    @Override
    public void encode(Encoder out) {
      out.u8(11).u64(view);
    }
  }

  /** Reads what {@link #encode} writes. */
  static JournalRecord decode(Decoder in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 1 -> new ViewLeft(in.u64());
      case 2 -> new ViewEntered(in.u64(), BlockId.decode(in));
      case 3 -> new NewViewSeen(ByteString.decode(in, NEW_VIEW_BYTES_MAX));
      case 4 -> new Accepted(Block.decode(in));
      case 5 -> new Voted(in.u64(), BlockId.decode(in));
      case 6 -> new Prepared(QuorumCertificate.decode(in));
      case 7 -> new Abstained(in.u64());
      case 8 -> new VotedUpTo(in.u64());
      case 9 -> new Forgot();
      case 10 -> new Told(in.u64(), in.u64());
      case 11 -> new Suspected(in.u64());
      default -> throw new MalformedException("no journal record has the kind " + kind);
    };
  }
}
