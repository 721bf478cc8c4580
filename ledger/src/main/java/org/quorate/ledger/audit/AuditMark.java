package org.quorate.ledger.audit;

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
 * mark = u16 version(1) ‖ hash chain_hash ‖ block_id tip ‖ checkpoint ‖ u64 transactions ‖ u64 certificates ‖ u64 stable
 * </pre>
 *
 * @param tip the last block of the audited ledger, when the audit began
 * @param reached the result of the last block that was executed again
 * @param transactions executed up to it
 * @param certificates of checkpoints, checked up to it
 * @param stable the highest height up to it whose checkpoint a quorum signed, 0 if none
 */
record AuditMark(
    Digest chainHash,
    BlockId tip,
    Checkpoint reached,
    long transactions,
    long certificates,
    long stable)
    implements Encodable {
  private static final int VERSION = 1;

  /** Where the scratch store has it: no key of a ledger. */
  static final byte[] KEY = {'A'};

  /** After the next block. */
  AuditMark next(CheckedBlock block, boolean quorum) {
    return new AuditMark(
        chainHash,
        tip,
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
        Checkpoint.decode(in),
        in.u64(),
        in.u64(),
        in.u64());
  }
}
