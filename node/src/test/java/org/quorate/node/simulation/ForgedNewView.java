package org.quorate.node.simulation;

import java.util.List;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;

/**
 * A NEW-VIEW that this program would not make, since its VIEW-CHANGEs are to another view or one
 * signer's twice: so it is put together byte by byte, and signed like any other. Whoever receives
 * it must refuse it.
 */
final class ForgedNewView {
  private static final Domain DOMAIN = Domain.of("new-view");
  private static final int KIND = 0x06;

  private ForgedNewView() {}

  /** The bytes of the message. */
  static byte[] bytes(
      TestChain chain, ReplicaId primary, long view, List<Signed<ViewChange>> viewChanges) {
    byte[] content = new Encoder().u64(view).list(viewChanges).toBytes();
    Signature signature =
        TestChain.sign(chain.key(primary), DOMAIN.frame(chain.spec().chainHash(), content));
    return new Encoder().u8(KIND).value(primary).fixed(signature.bytes()).fixed(content).toBytes();
  }
}
