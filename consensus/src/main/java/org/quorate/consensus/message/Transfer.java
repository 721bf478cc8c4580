package org.quorate.consensus.message;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/** An unsigned message: it tells where a replica stands, or moves what proves itself. */
public sealed interface Transfer extends Message, Encodable {
  /** Most blocks in one answer. */
  int BLOCKS_MAX = 256;

  /**
   * An answer is not made longer once its blocks have this many bytes: below the limit of a frame
   * even with one largest block more.
   */
  int BYTES_SOFT_MAX = 2 << 20;

  /**
   * STATUS: where the sender stands, so that the receiver can send what it lacks (Castro & Liskov,
   * TOCS 2002, §5.2).
   *
   * <pre>
   * status = u64 view u8 active u64 wanted u64 committed u64 stable list(slot)
   * </pre>
   *
   * @param active whether the sender has entered the view, rather than waiting for its NEW-VIEW
   * @param wantedView the view that the sender asks for: not below {@code view}, and above it if it
   *     suspects the primary (PROTOCOL.md, R11)
   * @param committed height of the last block known final with all before it
   * @param stable height of the stable checkpoint
   * @param slots what it holds of the view above {@code committed}
   */
  record Status(
      long view,
      boolean active,
      long wantedView,
      long committed,
      long stable,
      List<SlotStatus> slots)
      implements Transfer {
    public Status {
      if (wantedView < view) {
        throw new IllegalArgumentException("nobody asks for a view below its own");
      }
      slots = List.copyOf(slots);
    }

    @Override
    public void encode(Encoder out) {
      out.u64(view).u8(active ? 1 : 0).u64(wantedView).u64(committed).u64(stable).list(slots);
    }

    static Status decode(Decoder in) throws MalformedException {
      return new Status(
          in.u64(),
          flag(in),
          in.u64(),
          in.u64(),
          in.u64(),
          in.list(ChainParameters.WINDOW_LIMIT, SlotStatus::decode));
    }
  }

  /**
   * What a replica holds of one height: {@code u64 height ‖ u8 proposed ‖ list(replica) ‖
   * list(replica)}.
   *
   * @param proposed whether it has the view's PRE-PREPARE
   * @param prepares whose PREPARE it has
   * @param commits whose COMMIT it has
   */
  record SlotStatus(
      long height, boolean proposed, List<ReplicaId> prepares, List<ReplicaId> commits)
      implements Encodable {
    public SlotStatus {
      prepares = List.copyOf(prepares);
      commits = List.copyOf(commits);
    }

    @Override
    public void encode(Encoder out) {
      out.u64(height).u8(proposed ? 1 : 0).list(prepares).list(commits);
    }

    static SlotStatus decode(Decoder in) throws MalformedException {
      return new SlotStatus(
          in.u64(),
          flag(in),
          in.list(ValidatorSet.VALIDATORS_MAX, ReplicaId::decode),
          in.list(ValidatorSet.VALIDATORS_MAX, ReplicaId::decode));
    }
  }

  /** A stable checkpoint, proven by its quorum of signatures. */
  record StableCheckpoint(CheckpointCertificate certificate) implements Transfer {
    @Override
    public void encode(Encoder out) {
      out.value(certificate);
    }

    static StableCheckpoint decode(Decoder in) throws MalformedException {
      return new StableCheckpoint(CheckpointCertificate.decode(in));
    }
  }

  /**
   * Asks for the final blocks from {@code fromHeight} to {@code toHeight}, both included, at most
   * {@value #BLOCKS_MAX}. {@code u64 ‖ u64}.
   */
  record FetchCommitted(long fromHeight, long toHeight) implements Transfer {
    public FetchCommitted {
      if (fromHeight < 1 || toHeight < fromHeight || toHeight - fromHeight >= BLOCKS_MAX) {
        throw new IllegalArgumentException(
            "nobody may ask for the blocks " + fromHeight + " to " + toHeight);
      }
    }

    @Override
    public void encode(Encoder out) {
      out.u64(fromHeight).u64(toHeight);
    }

    static FetchCommitted decode(Decoder in) throws MalformedException {
      return new FetchCommitted(in.u64(), in.u64());
    }
  }

  /**
   * The final blocks that were asked for, from the first on and without a gap, as many as one
   * answer holds and the sender has; it may have none. {@code list(item)}.
   */
  record CommittedBlocks(List<Item> items) implements Transfer {
    public CommittedBlocks {
      items = List.copyOf(items);
    }

    /**
     * {@code committed block ‖ optional(checkpoint certificate)}; the certificate is for that
     * block, by at least f+1.
     */
    public record Item(CommittedBlock block, Optional<CheckpointCertificate> checkpoint)
        implements Encodable {
      public Item {
        checkpoint.ifPresent(
            certificate -> {
              if (!certificate.checkpoint().block().equals(block.block().id())) {
                throw new IllegalArgumentException("the checkpoint is of another block");
              }
            });
      }

      @Override
      public void encode(Encoder out) {
        out.value(block).optional(checkpoint);
      }

      static Item decode(Decoder in) throws MalformedException {
        return new Item(CommittedBlock.decode(in), in.optional(CheckpointCertificate::decode));
      }
    }

    @Override
    public void encode(Encoder out) {
      out.list(items);
    }

    static CommittedBlocks decode(Decoder in) throws MalformedException {
      return new CommittedBlocks(in.list(BLOCKS_MAX, Item::decode));
    }
  }

  /**
   * Asks for a block that is proposed, not yet final, and its ancestors above {@code aboveHeight}.
   * {@code blockId ‖ u64}.
   */
  record FetchProposed(BlockId tip, long aboveHeight) implements Transfer {
    @Override
    public void encode(Encoder out) {
      out.value(tip).u64(aboveHeight);
    }

    static FetchProposed decode(Decoder in) throws MalformedException {
      return new FetchProposed(BlockId.decode(in), in.u64());
    }
  }

  /** A block and its ancestors, each the parent of the one before it: {@code list(block)}. */
  record ProposedBlocks(List<Block> blocks) implements Transfer {
    public ProposedBlocks {
      blocks = List.copyOf(blocks);
      for (int i = 1; i < blocks.size(); i++) {
        if (!blocks.get(i).hash().equals(blocks.get(i - 1).header().parentHash())) {
          throw new IllegalArgumentException(
              "block " + i + " is not the parent of the one before it");
        }
      }
    }

    @Override
    public void encode(Encoder out) {
      out.list(blocks);
    }

    static ProposedBlocks decode(Decoder in) throws MalformedException {
      return new ProposedBlocks(in.list(BLOCKS_MAX, Block::decode));
    }
  }

  /**
   * RECALL: the sender has just begun, or has forgotten, and asks what the receiver knows of it
   * (PROTOCOL.md, R19). {@code u64}.
   *
   * @param number comes back in the answer; no earlier question of this sender had it
   */
  record Recall(long number) implements Transfer {
    @Override
    public void encode(Encoder out) {
      out.u64(number);
    }

    static Recall decode(Decoder in) throws MalformedException {
      return new Recall(in.u64());
    }
  }

  /**
   * TESTIMONY: the answer to a RECALL.
   *
   * <pre>
   * testimony = u64 number u64 view u64 height
   *             optional(signed prepare) optional(signed commit) optional(signed view-change)
   * </pre>
   *
   * @param number that of the question
   * @param view no statement of the answering replica is of a higher one
   * @param height the greatest at which the answering replica ever voted
   * @param prepare the asking replica's last PREPARE that the other has seen, by (view, height)
   * @param commit likewise its last COMMIT
   * @param viewChange likewise its last VIEW-CHANGE
   */
  record Testimony(
      long number,
      long view,
      long height,
      Optional<Signed<Prepare>> prepare,
      Optional<Signed<Commit>> commit,
      Optional<Signed<ViewChange>> viewChange)
      implements Transfer {
    @Override
    public void encode(Encoder out) {
      out.u64(number).u64(view).u64(height).optional(prepare).optional(commit).optional(viewChange);
    }

    static Testimony decode(Decoder in) throws MalformedException {
      return new Testimony(
          in.u64(),
          in.u64(),
          in.u64(),
          in.optional(signed -> Signed.decode(signed, Prepare::decode)),
          in.optional(signed -> Signed.decode(signed, Commit::decode)),
          in.optional(signed -> Signed.decode(signed, ViewChange::decode)));
    }
  }

  private static boolean flag(Decoder in) throws MalformedException {
    return switch (in.u8()) {
      case 0 -> false;
      case 1 -> true;
      default -> throw new MalformedException("a flag is 0 or 1");
    };
  }
}
