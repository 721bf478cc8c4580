package org.quorate.consensus.message;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.SignedStatement;

/**
 * Messages as bytes.
 *
 * <pre>
 * message = 0x01 signed pre-prepare   | 0x02 signed prepare     | 0x03 signed commit
 *         | 0x04 signed checkpoint    | 0x05 signed view-change | 0x06 signed new-view
 *         | 0x10 status               | 0x11 stable checkpoint
 *         | 0x12 fetch committed      | 0x13 committed blocks
 *         | 0x14 fetch proposed       | 0x15 proposed blocks
 *         | 0x16 recall               | 0x17 testimony
 * </pre>
 */
public final class MessageCodec {
  /** The kind of {@link Transfer.CommittedBlocks}. */
  static final int COMMITTED_BLOCKS = 0x13;

  private MessageCodec() {}

  /** The bytes of a message. */
  public static byte[] encode(Message message) {
    Encoder out = new Encoder().u8(kind(message));
    if (message instanceof Signed<?> signed) {
      out.value(signed);
    } else if (message instanceof Transfer transfer) {
      out.value(transfer);
    }
    return out.toBytes();
  }

  /** A message whose signatures nobody has checked yet: for {@link MessageAuthenticator} alone. */
  static Message decodeUnchecked(byte[] bytes) throws MalformedException {
    return Decoder.decode(bytes, MessageCodec::decode);
  }

  /**
   * What a NEW-VIEW of those bytes says, for evidence; its signatures are not checked here.
   *
   * @throws MalformedException if they are not a NEW-VIEW
   */
  public static SignedStatement newViewStatement(byte[] bytes) throws MalformedException {
    if (decodeUnchecked(bytes) instanceof Signed<?> signed && signed.content() instanceof NewView) {
      return signed.statement();
    }
    throw new MalformedException("not a NEW-VIEW");
  }

  private static int kind(Message message) {
    if (message instanceof Signed<?> signed) {
      Signable content = signed.content();
      if (content instanceof PrePrepare) {
        return 0x01;
      } else if (content instanceof Prepare) {
        return 0x02;
      } else if (content instanceof Commit) {
        return 0x03;
      } else if (content instanceof CheckpointVote) {
        return 0x04;
      } else if (content instanceof ViewChange) {
        return 0x05;
      } else {
        return 0x06;
      }
    } else if (message instanceof Transfer.Status) {
      return 0x10;
    } else if (message instanceof Transfer.StableCheckpoint) {
      return 0x11;
    } else if (message instanceof Transfer.FetchCommitted) {
      return 0x12;
    } else if (message instanceof Transfer.CommittedBlocks) {
      return COMMITTED_BLOCKS;
    } else if (message instanceof Transfer.FetchProposed) {
      return 0x14;
    } else if (message instanceof Transfer.ProposedBlocks) {
      return 0x15;
    } else if (message instanceof Transfer.Recall) {
      return 0x16;
    } else {
      return 0x17;
    }
  }

  private static Message decode(Decoder in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 0x01 -> Signed.decode(in, PrePrepare::decode);
      case 0x02 -> Signed.decode(in, Prepare::decode);
      case 0x03 -> Signed.decode(in, Commit::decode);
      case 0x04 -> Signed.decode(in, CheckpointVote::decode);
      case 0x05 -> Signed.decode(in, ViewChange::decode);
      case 0x06 -> Signed.decode(in, NewView::decode);
      case 0x10 -> Transfer.Status.decode(in);
      case 0x11 -> Transfer.StableCheckpoint.decode(in);
      case 0x12 -> Transfer.FetchCommitted.decode(in);
      case COMMITTED_BLOCKS -> Transfer.CommittedBlocks.decode(in);
      case 0x14 -> Transfer.FetchProposed.decode(in);
      case 0x15 -> Transfer.ProposedBlocks.decode(in);
      case 0x16 -> Transfer.Recall.decode(in);
      case 0x17 -> Transfer.Testimony.decode(in);
      default -> throw new MalformedException("no message has the kind " + kind);
    };
  }
}
