package org.quorate.ledger;

import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * Where a transaction stands in the chain and what became of it: {@code u64 height ‖ u32 index ‖
 * receipt}.
 *
 * @param index its place in the block, from 0
 */
public record TransactionRecord(long height, int index, Receipt receipt) implements Encodable {
  @Override
  public void encode(Encoder out) {
    out.u64(height).u32(index).value(receipt);
  }

  /** Reads what {@link #encode} writes. */
  public static TransactionRecord decode(Decoder in) throws MalformedException {
    return new TransactionRecord(in.u64(), in.u32(Integer.MAX_VALUE), Receipt.decode(in));
  }
}
