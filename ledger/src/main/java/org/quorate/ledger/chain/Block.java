package org.quorate.ledger.chain;

import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;

/**
 * A header and exactly the transactions that it commits to: {@code fixed[32] chainHash ‖ header ‖
 * list(transaction)}. A block whose transactions do not match its header cannot be made. Immutable;
 * the hash is computed once.
 */
public final class Block implements Encodable {
  private final Digest chainHash;
  private final BlockHeader header;
  private final List<Transaction> transactions;
  private final BlockId id;

  /**
   * @throws IllegalArgumentException if the header's count or root is not that of the transactions
   */
  public Block(Digest chainHash, BlockHeader header, List<Transaction> transactions) {
    this.chainHash = chainHash;
    this.header = header;
    this.transactions = List.copyOf(transactions);
    if (header.transactionCount() != transactions.size()) {
      throw new IllegalArgumentException(
          "the header counts "
              + header.transactionCount()
              + " transactions, the block has "
              + transactions.size());
    }
    if (!header.transactionsRoot().equals(transactionsRoot(transactions))) {
      throw new IllegalArgumentException(
          "the transactions root is not that of the block's transactions");
    }
    this.id = new BlockId(header.height(), header.hash(chainHash));
  }

  /** The Merkle root over the transactions' hashes, in order (RFC 6962). */
  public static Digest transactionsRoot(List<Transaction> transactions) {
    return MerkleTree.root(leaves(transactions));
  }

  private static List<byte[]> leaves(List<Transaction> transactions) {
    return transactions.stream().map(transaction -> transaction.hash().bytes()).toList();
  }

  /**
   * The audit path of the transaction at {@code index} under {@link BlockHeader#transactionsRoot}.
   */
  public List<Digest> transactionPath(int index) {
    return MerkleTree.path(leaves(transactions), index);
  }

  /** Whether it has as many transactions, and bytes of them, as a block of that chain may. */
  public boolean fits(ChainParameters limits) {
    return !transactions.isEmpty()
        && transactions.size() <= limits.blockTransactionsMax()
        && transactionBytes() <= limits.blockBytesMax();
  }

  /** The chain it belongs to. */
  public Digest chainHash() {
    return chainHash;
  }

  /** What its hash covers. */
  public BlockHeader header() {
    return header;
  }

  /** The transactions, in order. */
  public List<Transaction> transactions() {
    return transactions;
  }

  /** Height and hash. */
  public BlockId id() {
    return id;
  }

  /** Height above the genesis block. */
  public long height() {
    return id.height();
  }

  /** The block's hash. */
  public Digest hash() {
    return id.hash();
  }

  /** Number of bytes of its transactions. */
  public long transactionBytes() {
    return transactions.stream().mapToLong(Transaction::size).sum();
  }

  @Override
  public void encode(Encoder out) {
    out.fixed(chainHash.bytes()).value(header).list(transactions);
  }

  /** Reads a list of transactions, as it stands in a block. */
  public static List<Transaction> decodeTransactions(Decoder in) throws MalformedException {
    return in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Transaction::decode);
  }

  /** Reads what {@link #encode} writes; recomputes the root. */
  public static Block decode(Decoder in) throws MalformedException {
    return new Block(
        Digest.of(in.fixed(Digest.BYTES)), BlockHeader.decode(in), decodeTransactions(in));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block block && id.equals(block.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "block " + id;
  }
}
