package org.quorate.ledger.proof;

import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.TransactionRules;
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
    Digest chainHash = spec.chainHash();
    if (!proof.chainHash().equals(chainHash)) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_CHAIN, "the chain is " + chainHash + ", not " + proof.chainHash());
    }
    BlockId block = new BlockId(proof.header().height(), proof.header().hash(chainHash));
    Verdict committed = checkCommit(proof.header(), block, proof.commit());
    if (!committed.isValid()) {
      return committed;
    }
    Verdict included = checkTransaction(proof);
    if (!included.isValid()) {
      return included;
    }
    return checkReceipt(proof, block);
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

  private Verdict checkReceipt(TransactionProof proof, BlockId block) {
    CheckpointCertificate certificate = proof.checkpointCertificate();
    if (!certificate.checkpoint().block().equals(block)) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_BLOCK,
          "the checkpoint is of " + certificate.checkpoint().block() + ", the header of " + block);
    }
    Verdict proven = certificate.checkProven(spec.validators(), spec.chainHash(), verifier);
    if (!proven.isValid()) {
      return proven;
    }
    if (!proof.receipt().transactionHash().equals(proof.transaction().hash())) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_RECEIPT, "the receipt is of " + proof.receipt().transactionHash());
    }
    return MerkleTree.verify(
            certificate.checkpoint().receiptsRoot(),
            proof.header().transactionCount(),
            proof.index(),
            proof.receipt().encoded(),
            proof.receiptPath())
        ? Verdict.valid()
        : Verdict.invalid(
            Verdict.Fault.WRONG_RECEIPT, "the path does not lead to the receipts root");
  }
}
