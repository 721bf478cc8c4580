package org.quorate.ledger.chain;

import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;

/**
 * What became of a transaction: {@code fixed[32] transaction hash ‖ u8 outcome ‖ u8 operation}.
 *
 * @param operation the index of the operation that failed; 0 if none did
 */
public record Receipt(Digest transactionHash, Outcome outcome, int operation) implements Encodable {
  public Receipt {
    if (operation < 0 || operation >= Transaction.OPERATIONS_MAX) {
      throw new IllegalArgumentException("no transaction has an operation " + operation);
    }
    if (outcome == Outcome.EXECUTED && operation != 0) {
      throw new IllegalArgumentException("an executed transaction has no failed operation");
    }
  }

  /**
   * How an execution ends; the code is its byte. A failed transaction has no effect but its receipt
   * and its used nonce.
   */
  public enum Outcome {
    /** All operations took effect. */
    EXECUTED(0),
    /** A Require did not hold. */
    REQUIREMENT_FAILED(1),
    /** An Add met a value that is not an integer. */
    NOT_AN_INTEGER(2),
    /** An Add would have gone below zero. */
    BELOW_ZERO(3),
    /** An Add would have gone above 2^63−1. */
    OVERFLOW(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }

    /** The byte that stands for it. */
    public int code() {
      return code;
    }

    static Outcome ofCode(int code) throws MalformedException {
      for (Outcome outcome : values()) {
        if (outcome.code == code) {
          return outcome;
        }
      }
      throw new MalformedException("no outcome has the code " + code);
    }
  }

  /** The Merkle root over the receipts' bytes, in order (RFC 6962). */
  public static Digest root(List<Receipt> receipts) {
    return MerkleTree.root(receipts.stream().map(Receipt::encoded).toList());
  }

  @Override
  public void encode(Encoder out) {
    out.fixed(transactionHash.bytes()).u8(outcome.code()).u8(operation);
  }

  /** Reads what {@link #encode} writes. */
  public static Receipt decode(Decoder in) throws MalformedException {
    return new Receipt(Digest.of(in.fixed(Digest.BYTES)), Outcome.ofCode(in.u8()), in.u8());
  }
}
