package org.quorate.cli.bench;

import java.util.HexFormat;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;

/** A transaction ready to be sent: its bytes and its name, and nothing else to keep in memory. */
final class Signed {
  private final byte[] bytes;
  private final Digest hash;

  Signed(Transaction transaction) {
    this.bytes = transaction.encoded();
    this.hash = transaction.hash();
  }

  Digest hash() {
    return hash;
  }

  int size() {
    return bytes.length;
  }

  void appendHex(StringBuilder text, HexFormat format) {
    format.formatHex(text, bytes);
  }
}
