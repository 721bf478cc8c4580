package org.quorate.ledger.state;

import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;

/**
 * What the state holds at a path: {@code bytes namespaced key ‖ bytes value}. The path is the
 * digest of the namespaced key.
 */
public record StateEntry(ByteString key, ByteString value) implements Encodable {
  private static final int KEY_BYTES_MAX = 1 + Operation.KEY_BYTES_MAX;

  @Override
  public void encode(Encoder out) {
    out.value(key).value(value);
  }

  /** Reads what {@link #encode} writes. */
  public static StateEntry decode(Decoder in) throws MalformedException {
    return new StateEntry(
        ByteString.decode(in, KEY_BYTES_MAX), ByteString.decode(in, Operation.VALUE_BYTES_MAX));
  }

  /** Where the state has the entry of this key. */
  public static Digest path(ByteString namespacedKey) {
    return Digest.sha256(namespacedKey.bytes());
  }
}
