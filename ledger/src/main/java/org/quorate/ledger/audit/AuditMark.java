package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;

/**
 * How far an audit has come: what its scratch store holds beside the state after a block.
 *
 * <pre>
 * mark = u16 version(2) ‖ hash chain_hash ‖ block_id tip ‖ kept ‖ optional(checkpoint) base ‖ checkpoint reached
 *        ‖ u64 transactions ‖ u64 certificates ‖ u64 stable
 * </pre>
 *
 * @param tip the last block of the audited ledger, when the audit began
 * @param kept what the ledger kept then
 * @param base the result after which blocks are executed again: the genesis', or a snapshot's; none
 *     if no block can be
 * @param reached the result of the last block that was followed. If it is above the base, the state
 *     in the scratch store is that after it, else that of the base
 * @param transactions of the blocks up to it
 * @param certificates of checkpoints, checked up to it
 * @param stable the highest height up to it whose checkpoint a quorum signed, 0 if none
 */
record AuditMark(
    Digest chainHash,
    BlockId tip,
    KeptRecord kept,
    Optional<Checkpoint> base,
    Checkpoint reached,
    long transactions,
    long certificates,
    long stable)
    implements Encodable {
  private static final int VERSION = 2;

  /** Where the scratch store has it: no key of a ledger. */
  static final byte[] KEY = {'A'};

  /** Whether the block at a height is executed again. */
  boolean executes(long height) {
    return base.isPresent() && height > base.get().height();
  }

  /** The root of the state in the scratch store, if it has one. */
  Optional<Digest> stateRoot() {
    return base.map(begun -> executes(reached.height()) ? reached : begun)
        .map(Checkpoint::stateRoot);
  }

  /**
   * Which blocks are executed again.
   *
   * @param tipProven whether f+1 have signed the last result
   */
  AuditResult.Execution execution(boolean tipProven) {
    if (base.isEmpty()) {
      return new AuditResult.Execution.None(tipProven);
    }
    long height = base.get().height();
    return height == 0
        ? new AuditResult.Execution.FromGenesis()
        : new AuditResult.Execution.FromSnapshot(height);
  }

  /** After the next block. */
  AuditMark next(CheckedBlock block, boolean quorum) {
    return new AuditMark(
        chainHash,
        tip,
        kept,
        base,
        block.checkpoint(),
        transactions + (block.body().isPresent() ? block.header().transactionCount() : 0),
        certificates + (block.checkpointSigners() > 0 ? 1 : 0),
        quorum ? block.height() : stable);
  }

  @Override
  public void encode(Encoder out) {
    out.u16(VERSION)
        .fixed(chainHash.bytes())
        .value(tip)
        .value(kept)
        .optional(base)
        .value(reached)
        .u64(transactions)
        .u64(certificates)
        .u64(stable);
  }

  static AuditMark decode(Decoder in) throws MalformedException {
    int version = in.u16();
    if (version != VERSION) {
      throw new MalformedException("the mark's version is " + version + ", not " + VERSION);
    }
    return new AuditMark(
        Digest.of(in.fixed(Digest.BYTES)),
        BlockId.decode(in),
        KeptRecord.decode(in),
        in.optional(Checkpoint::decode),
        Checkpoint.decode(in),
        in.u64(),
        in.u64(),
        in.u64());
  }
}
