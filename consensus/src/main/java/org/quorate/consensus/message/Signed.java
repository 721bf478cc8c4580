package org.quorate.consensus.message;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.SignedStatement;

/**
 * A content that {@code signer} has signed: {@code u16 signer ‖ fixed[64] signature ‖ content}.
 * Only {@link MessageAuthenticator} hands these out, so whoever holds one need not check it again.
 * May be passed on by anyone.
 */
public final class Signed<C extends Signable> implements Message, Encodable {
  private final C content;
  private final ReplicaId signer;
  private final Signature signature;

  Signed(C content, ReplicaId signer, Signature signature) {
    this.content = content;
    this.signer = signer;
    this.signature = signature;
  }

  /** What was signed. */
  public C content() {
    return content;
  }

  /** Who signed it. */
  public ReplicaId signer() {
    return signer;
  }

  /** The signature over {@link Signable#signedBytes}. */
  public Signature signature() {
    return signature;
  }

  /** What was said and by whom, without what else came with it: for evidence. */
  public SignedStatement statement() {
    return new SignedStatement(signer, signature, content.statement());
  }

  @Override
  public void encode(Encoder out) {
    out.value(signer).fixed(signature.bytes()).value(content);
  }

  static <C extends Signable> Signed<C> decode(Decoder in, Decoder.Reader<C> content)
      throws MalformedException {
    ReplicaId signer = ReplicaId.decode(in);
    Signature signature = Signature.of(in.fixed(Signature.BYTES));
    return new Signed<>(in.value(content), signer, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signed<?> signed
        && signer.equals(signed.signer)
        && signature.equals(signed.signature)
        && content.equals(signed.content);
  }

  @Override
  public int hashCode() {
    return signature.hashCode();
  }

  @Override
  public String toString() {
    return signer + " " + content;
  }
}
