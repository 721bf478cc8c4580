package org.quorate.ledger.membership;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;

/**
 * A replica: its place in the genesis file's list of validators, counted from 0. Encoded as u16.
 *
 * @param index 0 to {@link ValidatorSet#VALIDATORS_MAX} − 1
 */
public record ReplicaId(int index) implements Comparable<ReplicaId>, Encodable {
  public ReplicaId {
    if (index < 0 || index >= ValidatorSet.VALIDATORS_MAX) {
      throw new IllegalArgumentException("no replica has the index " + index);
    }
  }

  @Override
  public void encode(Encoder out) {
    out.u16(index);
  }

  /** Reads what {@link #encode} writes. */
  public static ReplicaId decode(Decoder in) throws MalformedException {
    return new ReplicaId(in.u16());
  }

  @Override
  public int compareTo(ReplicaId other) {
    return Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return "r" + index;
  }
}
