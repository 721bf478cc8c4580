package org.quorate.ledger;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * From which heights on the store has what: {@code u64 headers_from ‖ u64 transactions_from}.
 *
 * @param headersFrom the lowest with header, certificates and checkpoint; above 1 if the ledger
 *     began with a snapshot
 * @param transactionsFrom the lowest with transactions, receipts and transaction records; one above
 *     the tip if there are none
 */
public record KeptRecord(long headersFrom, long transactionsFrom) implements Encodable {
  /** Everything. */
  public static final KeptRecord ALL = new KeptRecord(1, 1);

  public KeptRecord {
    if (headersFrom < 1 || transactionsFrom < headersFrom) {
      throw new IllegalArgumentException("no transactions are kept without their header");
    }
  }

  @Override
  public void encode(Encoder out) {
    out.u64(headersFrom).u64(transactionsFrom);
  }

  /** Reads what {@link #encode} writes. */
  public static KeptRecord decode(Decoder in) throws MalformedException {
    return new KeptRecord(in.u64(), in.u64());
  }
}
