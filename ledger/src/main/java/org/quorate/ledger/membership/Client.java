package org.quorate.ledger.membership;

import java.util.List;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.PublicKey;

/**
 * A client that may submit transactions: {@code text name ‖ fixed[32] public key ‖ list of bytes
 * (write prefixes)}.
 *
 * @param name 1 to 64 bytes of UTF-8
 * @param writePrefixes it may write a key that begins with one of these; the empty prefix means
 *     every key, an empty list none
 */
public record Client(String name, PublicKey publicKey, List<ByteString> writePrefixes)
    implements Encodable {
  /** The most prefixes one client may have. */
  public static final int PREFIXES_MAX = 64;

  /** The longest prefix, in bytes. */
  public static final int PREFIX_BYTES_MAX = 256;

  public Client {
    Names.check("client", name);
    writePrefixes = List.copyOf(writePrefixes);
    if (writePrefixes.size() > PREFIXES_MAX) {
      throw new IllegalArgumentException(
          "at most " + PREFIXES_MAX + " write prefixes, not " + writePrefixes.size());
    }
    for (ByteString prefix : writePrefixes) {
      if (prefix.size() > PREFIX_BYTES_MAX) {
        throw new IllegalArgumentException(
            "a write prefix has at most " + PREFIX_BYTES_MAX + " bytes");
      }
    }
  }

  /** Whether this client may write {@code key}. */
  public boolean mayWrite(ByteString key) {
    for (ByteString prefix : writePrefixes) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void encode(Encoder out) {
    out.text(name).fixed(publicKey.bytes()).list(writePrefixes);
  }

  /** Reads what {@link #encode} writes. */
  public static Client decode(Decoder in) throws MalformedException {
    return new Client(
        in.text(Names.BYTES_MAX),
        PublicKey.of(in.fixed(PublicKey.BYTES)),
        in.list(PREFIXES_MAX, prefix -> ByteString.decode(prefix, PREFIX_BYTES_MAX)));
  }
}
