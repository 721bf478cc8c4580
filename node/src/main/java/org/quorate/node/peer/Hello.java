package org.quorate.node.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/**
 * The first frame in each direction, inside TLS: the one who dialed speaks first.
 *
 * <pre>
 * hello = "quorate\0" u16 version(1) fixed[32] chainHash u16 replica i64 instance
 * </pre>
 *
 * @param replica whose key the sender's certificate has
 * @param instance a random number of the running process: tells a second process with the same key
 *     from a second connection of the first
 */
record Hello(Digest chainHash, ReplicaId replica, long instance) implements Encodable {
  static final int VERSION = 1;

  private static final byte[] MAGIC = "quorate\0".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void encode(Encoder out) {
    out.fixed(MAGIC).u16(VERSION).fixed(chainHash.bytes()).value(replica).i64(instance);
  }

  /** The version of a greeting, whatever follows; empty if it is no greeting of Quorate. */
  static Optional<Integer> version(byte[] bytes) {
    return bytes.length >= MAGIC.length + 2
            && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        ? Optional.of((bytes[MAGIC.length] & 0xff) << 8 | (bytes[MAGIC.length + 1] & 0xff))
        : Optional.empty();
  }

  /** Reads what {@link #encode} writes. */
  static Hello decode(Decoder in) throws MalformedException {
    if (!Arrays.equals(in.fixed(MAGIC.length), MAGIC) || in.u16() != VERSION) {
      throw new MalformedException("not a greeting of version " + VERSION);
    }
    return new Hello(Digest.of(in.fixed(Digest.BYTES)), ReplicaId.decode(in), in.i64());
  }
}
