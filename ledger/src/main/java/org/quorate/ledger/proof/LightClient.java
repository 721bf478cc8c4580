package org.quorate.ledger.proof;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Checks proofs against the genesis alone: no network, no storage, no trust in who handed them
 * over. Safe for use by any thread.
 */
public final class LightClient {
  private final ChainSpec spec;
  private final TransactionRules rules;
  private final SignatureVerifier verifier;

  public LightClient(ChainSpec spec, SignatureVerifier verifier) {
    this.spec = spec;
    this.rules = new TransactionRules(spec, verifier);
    this.verifier = verifier;
  }

  /**
   * Whether the transaction is final and the receipt tells what became of it: the first of these
   * that fails, or that all hold.
   *
   * <ol>
   *   <li>The proof is of this chain, and the header is of this chain's validators.
   *   <li>A quorum of them signed COMMIT for the header's block.
   *   <li>The transaction is under the header's transactions root.
   *   <li>It may stand in this chain: its client is one, may write what it writes, and signed it.
   *   <li>f+1 validators signed a checkpoint of this block.
   *   <li>The receipt is the transaction's, and is under the checkpoint's receipts root at the same
   *       place.
   * </ol>
   */
  public Verdict check(TransactionProof proof) {
    Verdict committed = checkCommitted(proof);
    if (!committed.isValid()) {
      return committed;
    }
    Verdict included = checkTransaction(proof);
    if (!included.isValid()) {
      return included;
    }
    Verdict executed = checkCheckpoint(proof);
    return executed.isValid() ? checkReceipt(proof) : executed;
  }

  /**
   * Whether the keys had these values after the block: the first of these that fails, or that all
   * hold.
   *
   * <ol>
   *   <li>The proof is of this chain, and the header is of this chain's validators.
   *   <li>A quorum of them signed COMMIT for the header's block.
   *   <li>f+1 validators signed a checkpoint of this block.
   *   <li>The path leads from the values, and from where absent ones would be, to the checkpoint's
   *       state root.
   * </ol>
   */
  public Verdict check(StateProof proof) {
    Verdict committed = checkCommitted(proof);
    if (!committed.isValid()) {
      return committed;
    }
    Verdict executed = checkCheckpoint(proof);
    return executed.isValid() ? checkState(proof) : executed;
  }

  /** As the check of its kind. */
  public Verdict check(Proof proof) {
    return proof instanceof StateProof state ? check(state) : check((TransactionProof) proof);
  }

  /**
   * Whether headers continue the chain after a block that is trusted, and are final. Each names its
   * parent's hash, so one certificate, that of the last, is enough for all. The first of these that
   * fails, or that all hold:
   *
   * <ol>
   *   <li>There is a header.
   *   <li>Each stands one above the one before, the first one above {@code trusted}.
   *   <li>Each names the hash of the one before as its parent, the first that of {@code trusted}.
   *   <li>Each is later than the one before, by its proposer's clock.
   *   <li>Each is of this chain's validators.
   *   <li>A quorum of them signed COMMIT for the last.
   * </ol>
   *
   * <p>2 to 5 are looked at for one header after the other; 3 fails for a header of another chain,
   * since every hash covers the chain's.
   */
  public Verdict checkHeaders(
      BlockHeader trusted, List<BlockHeader> headers, QuorumCertificate commit) {
    if (headers.isEmpty()) {
      return Verdict.invalid(Verdict.Fault.NO_HEADERS, "there is no header");
    }
    BlockHeader parent = trusted;
    BlockId parentId = id(trusted);
    for (BlockHeader header : headers) {
      Verdict follows = checkFollows(parent, parentId, header);
      if (!follows.isValid()) {
        return follows;
      }
      parent = header;
      parentId = id(header);
    }
    return checkCommit(parent, parentId, commit);
  }

  private Verdict checkFollows(BlockHeader parent, BlockId parentId, BlockHeader header) {
    if (header.height() != parentId.height() + 1) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_HEIGHT,
          "a header of height " + header.height() + " after that of " + parentId.height());
    }
    if (!header.parentHash().equals(parentId.hash())) {
      return Verdict.invalid(
          Verdict.Fault.BROKEN_LINK,
          "the parent of block " + header.height() + " is not the block " + parentId);
    }
    if (header.timestampMillis() <= parent.timestampMillis()) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_TIME, "block " + header.height() + " is not later than its parent");
    }
    return header.validatorSetHash().equals(spec.validators().hash())
        ? Verdict.valid()
        : Verdict.invalid(
            Verdict.Fault.WRONG_VALIDATOR_SET,
            "block " + header.height() + " is of validators not in the genesis");
  }

  /**
   * Whether the header is of this chain's validators, and a quorum of them signed COMMIT for its
   * block on this chain.
   */
  public Verdict check(CommittedHeader committed) {
    return checkCommit(committed.header(), id(committed.header()), committed.commit());
  }

  /** Whether f+1 validators signed the checkpoint, and it is of the header's block. */
  public Verdict check(BlockHeader header, CheckpointCertificate certificate) {
    return checkCheckpoint(id(header), certificate);
  }

  private BlockId id(BlockHeader header) {
    return new BlockId(header.height(), header.hash(spec.chainHash()));
  }

  private Verdict checkCommitted(Proof proof) {
    Digest chainHash = spec.chainHash();
    return proof.chainHash().equals(chainHash)
        ? checkCommit(proof.header(), id(proof.header()), proof.commit())
        : Verdict.invalid(
            Verdict.Fault.WRONG_CHAIN, "the chain is " + chainHash + ", not " + proof.chainHash());
  }

  private Verdict checkCommit(BlockHeader header, BlockId block, QuorumCertificate commit) {
    ValidatorSet validators = spec.validators();
    if (!header.validatorSetHash().equals(validators.hash())) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_VALIDATOR_SET, "the header is of validators not in the genesis");
    }
    if (commit.vote().phase() != Phase.COMMIT) {
      return Verdict.invalid(Verdict.Fault.WRONG_PHASE, "the certificate is not of COMMITs");
    }
    if (!commit.vote().block().equals(block)) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_BLOCK,
          "the commit certificate is of " + commit.vote().block() + ", the header of " + block);
    }
    return commit.check(validators, spec.chainHash(), verifier);
  }

  private Verdict checkTransaction(TransactionProof proof) {
    BlockHeader header = proof.header();
    if (!MerkleTree.verify(
        header.transactionsRoot(),
        header.transactionCount(),
        proof.index(),
        proof.transaction().hash().bytes(),
        proof.transactionPath())) {
      return Verdict.invalid(
          Verdict.Fault.NOT_INCLUDED, "the path does not lead to the header's transactions root");
    }
    Optional<TransactionRules.Fault> fault = rules.check(proof.transaction());
    return fault.isEmpty()
        ? Verdict.valid()
        : Verdict.invalid(
            Verdict.Fault.FORBIDDEN_TRANSACTION, "the transaction is refused: " + fault.get());
  }

  private Verdict checkCheckpoint(Proof proof) {
    return check(proof.header(), proof.checkpointCertificate());
  }

  private Verdict checkCheckpoint(BlockId block, CheckpointCertificate certificate) {
    return certificate.checkpoint().block().equals(block)
        ? certificate.checkProven(spec.validators(), spec.chainHash(), verifier)
        : Verdict.invalid(
            Verdict.Fault.WRONG_BLOCK,
            "the checkpoint is of "
                + certificate.checkpoint().block()
                + ", the header of "
                + block);
  }

  private static Verdict checkReceipt(TransactionProof proof) {
    if (!proof.receipt().transactionHash().equals(proof.transaction().hash())) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_RECEIPT, "the receipt is of " + proof.receipt().transactionHash());
    }
    return MerkleTree.verify(
            proof.checkpointCertificate().checkpoint().receiptsRoot(),
            proof.header().transactionCount(),
            proof.index(),
            proof.receipt().encoded(),
            proof.receiptPath())
        ? Verdict.valid()
        : Verdict.invalid(
            Verdict.Fault.WRONG_RECEIPT, "the path does not lead to the receipts root");
  }

  private static Verdict checkState(StateProof proof) {
    TreeMap<Digest, Optional<Digest>> leaves = new TreeMap<>();
    proof
        .values()
        .forEach(
            (key, value) ->
                leaves.put(
                    Namespace.APPLICATION.path(key),
                    value.map(present -> Digest.sha256(present.bytes()))));
    try {
      return StatePath.root(proof.path(), leaves)
              .equals(proof.checkpointCertificate().checkpoint().stateRoot())
          ? Verdict.valid()
          : Verdict.invalid(Verdict.Fault.WRONG_STATE, "the path does not lead to the state root");
    } catch (MalformedException e) {
      return Verdict.invalid(Verdict.Fault.WRONG_STATE, String.valueOf(e.getMessage()));
    }
  }
}
