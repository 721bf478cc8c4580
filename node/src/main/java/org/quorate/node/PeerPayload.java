package org.quorate.node;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * What nodes send to each other inside a frame.
 *
 * <pre>
 * payload      = 0x01 message            of the consensus module, to the end
 *              | 0x02 transactions
 * transactions = u32 count, at most 1,000; then each as bytes: u32 length, transaction
 * </pre>
 */
final class PeerPayload {
  /** A consensus message. */
  static final int MESSAGE = 0x01;

  /** Transactions for the receiver's mempool. */
  static final int TRANSACTIONS = 0x02;

  private PeerPayload() {}

  static byte[] ofMessage(byte[] message) {
    byte[] payload = new byte[message.length + 1];
    payload[0] = MESSAGE;
    System.arraycopy(message, 0, payload, 1, message.length);
    return payload;
  }

  static byte[] ofTransactions(List<Transaction> transactions) {
    Encoder out = new Encoder().u8(TRANSACTIONS).u32(transactions.size());
    for (Transaction transaction : transactions) {
      out.u32(transaction.size()).value(transaction);
    }
    return out.toBytes();
  }

  /** The payload's kind; -1 if it is empty. */
  static int kind(byte[] payload) {
    return payload.length == 0 ? -1 : payload[0];
  }

  /** The message in a payload of kind {@link #MESSAGE}. */
  static byte[] message(byte[] payload) {
    return Arrays.copyOfRange(payload, 1, payload.length);
  }

  /** The encoded transactions in a payload of kind {@link #TRANSACTIONS}. */
  static List<byte[]> transactions(byte[] payload) throws MalformedException {
    return Decoder.decode(
        payload,
        in -> {
          if (in.u8() != TRANSACTIONS) {
            throw new MalformedException("no payload of transactions");
          }
          int count = in.u32(RunnerLimits.FORWARD_TRANSACTIONS_MAX);
          List<byte[]> encoded = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            encoded.add(in.bytes(ChainParameters.TRANSACTION_BYTES_LIMIT));
          }
          return encoded;
        });
  }
}
