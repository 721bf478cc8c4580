package org.quorate.node.mempool;

import java.util.function.Function;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules.Fault;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;

/** A submitted transaction after everything about it was checked that needs no order. */
sealed interface Examined {
  /** It may come in, if there still is room. */
  record Candidate(Transaction transaction) implements Examined {}

  /** There is nothing more to do. */
  record Decided(AdmissionResult result) implements Examined {}

  /** Decodes, and goes on with {@code next} if that succeeds. */
  static Examined of(byte[] encoded, int bytesMax, Function<Transaction, Examined> next) {
    if (encoded.length > bytesMax) {
      return rejected(
          Refusal.TOO_LARGE,
          "the transaction has " + encoded.length + " bytes, this chain allows " + bytesMax);
    }
    try {
      return next.apply(Decoder.decode(encoded, Transaction::decode));
    } catch (MalformedException e) {
      return rejected(Refusal.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** Refused by a rule of the chain. */
  static Examined refused(Fault fault) {
    return switch (fault) {
      case TOO_LARGE ->
          rejected(Refusal.TOO_LARGE, "the transaction is larger than this chain allows");
      case WRONG_CHAIN ->
          rejected(Refusal.WRONG_CHAIN, "the transaction was signed for another chain");
      case UNKNOWN_CLIENT ->
          rejected(Refusal.UNKNOWN_CLIENT, "no client of this chain has that public key");
      case FORBIDDEN_PREFIX ->
          rejected(
              Refusal.FORBIDDEN_PREFIX,
              "it writes a key that begins with none of the client's write prefixes");
      case BAD_SIGNATURE ->
          rejected(Refusal.BAD_SIGNATURE, "the signature is not the client's over these bytes");
    };
  }

  private static Examined rejected(Refusal refusal, String detail) {
    return new Decided(new AdmissionResult.Rejected(refusal, detail));
  }
}
