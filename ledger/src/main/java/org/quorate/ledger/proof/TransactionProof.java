package org.quorate.ledger.proof;

import java.util.List;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;

/**
 * All that a {@link LightClient} needs to know that a transaction is final and what became of it.
 * Holding one says nothing: the check does.
 *
 * @param chainHash the chain it claims to be of
 * @param header of the block that holds the transaction
 * @param commit makes that block final
 * @param index the transaction's and the receipt's place in the block, from 0
 * @param transactionPath from the transaction to the header's transactions root
 * @param receiptPath from the receipt to the checkpoint's receipts root
 * @param checkpointCertificate f+1 validators' word on the receipts root
 */
public record TransactionProof(
    Digest chainHash,
    BlockHeader header,
    QuorumCertificate commit,
    Transaction transaction,
    int index,
    List<Digest> transactionPath,
    Receipt receipt,
    List<Digest> receiptPath,
    CheckpointCertificate checkpointCertificate)
    implements Proof {
  /**
   * @throws IllegalArgumentException if the index is negative or a path longer than any can be
   */
  public TransactionProof {
    transactionPath = List.copyOf(transactionPath);
    receiptPath = List.copyOf(receiptPath);
    if (index < 0) {
      throw new IllegalArgumentException("an index is not negative");
    }
    if (Math.max(transactionPath.size(), receiptPath.size()) > MerkleTree.PATH_MAX) {
      throw new IllegalArgumentException("a path has at most " + MerkleTree.PATH_MAX + " digests");
    }
  }

  /** The proof of the transaction at {@code index} of a block that gave {@code receipts}. */
  public static TransactionProof of(
      CommittedBlock committed,
      int index,
      List<Receipt> receipts,
      CheckpointCertificate certificate) {
    Block block = committed.block();
    return new TransactionProof(
        block.chainHash(),
        block.header(),
        committed.commit(),
        block.transactions().get(index),
        index,
        block.transactionPath(index),
        receipts.get(index),
        MerkleTree.path(receipts.stream().map(Encodable::encoded).toList(), index),
        certificate);
  }
}
