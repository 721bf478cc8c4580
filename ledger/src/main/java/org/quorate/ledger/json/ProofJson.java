package org.quorate.ledger.json;

import java.util.List;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.TransactionProof;

/**
 * The proof bundle: one JSON object of exactly the fields below, in any order. All but the format
 * and the index are lower-case hex of canonical bytes; a path is a list of digests, from the
 * sibling of the leaf upward.
 */
public final class ProofJson {
  /** What the field {@code format} says. */
  public static final String FORMAT = "quorate-proof/1";

  /** The largest bundle that is read, in bytes: twice the largest transaction, and room. */
  public static final int BYTES_MAX = 4 << 20;

  private static final List<String> FIELDS =
      List.of(
          "format",
          "chain_hash",
          "header",
          "commit_certificate",
          "transaction",
          "transaction_index",
          "transaction_path",
          "receipt",
          "receipt_path",
          "checkpoint_certificate");

  private ProofJson() {}

  /** The bundle as UTF-8, indented, with a final newline. */
  public static byte[] write(TransactionProof proof) {
    return new BundleWriter(FORMAT)
        .value("chain_hash", proof.chainHash().bytes())
        .value("header", proof.header().encoded())
        .value("commit_certificate", proof.commit().encoded())
        .value("transaction", proof.transaction().encoded())
        .number("transaction_index", proof.index())
        .list("transaction_path", path(proof.transactionPath()))
        .value("receipt", proof.receipt().encoded())
        .list("receipt_path", path(proof.receiptPath()))
        .value("checkpoint_certificate", proof.checkpointCertificate().encoded())
        .toBytes();
  }

  /**
   * Reads a bundle; whether it proves anything is {@link
   * org.quorate.ledger.proof.LightClient#check}'s to say.
   *
   * @throws MalformedException if it is not a bundle, naming the field
   */
  public static TransactionProof read(byte[] json) throws MalformedException {
    return read(BundleReader.parse("a proof", json, BYTES_MAX));
  }

  static TransactionProof read(BundleReader bundle) throws MalformedException {
    bundle.checkFields(FIELDS);
    bundle.checkFormat(FORMAT);
    return new TransactionProof(
        bundle.digest("chain_hash"),
        bundle.value("header", BlockHeader::decode),
        bundle.value("commit_certificate", QuorumCertificate::decode),
        bundle.value("transaction", Transaction::decode),
        bundle.index("transaction_index"),
        path(bundle, "transaction_path"),
        bundle.value("receipt", Receipt::decode),
        path(bundle, "receipt_path"),
        bundle.value("checkpoint_certificate", CheckpointCertificate::decode));
  }

  private static List<Digest> path(BundleReader bundle, String field) throws MalformedException {
    return bundle.list(field, MerkleTree.PATH_MAX, "digests", BundleReader::digest);
  }

  private static List<byte[]> path(List<Digest> path) {
    return path.stream().map(Digest::bytes).toList();
  }
}
