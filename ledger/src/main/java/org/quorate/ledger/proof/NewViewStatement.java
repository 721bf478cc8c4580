package org.quorate.ledger.proof;

import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * A primary's word that its view begins, and the view changes that justify it (Castro & Liskov,
 * OSDI '99, §4.4).
 *
 * <pre>
 * new_view  = u64 view list(u16 signer fixed[64] signature view_change)      signers strictly rising
 * signature = Ed25519 over "quorate/new-view/v1\0" ‖ chainHash ‖ new_view
 * </pre>
 *
 * @param viewChanges to {@code view}
 */
public record NewViewStatement(long view, List<SignedViewChange> viewChanges) implements Statement {
  private static final Domain DOMAIN = Domain.of("new-view");

  /** One view change and who signed it. */
  public record SignedViewChange(
      ReplicaId signer, Signature signature, ViewChangeStatement viewChange) implements Encodable {
    @Override
    public void encode(Encoder out) {
      out.value(signer).fixed(signature.bytes()).value(viewChange);
    }

    static SignedViewChange decode(Decoder in) throws MalformedException {
      return new SignedViewChange(
          ReplicaId.decode(in),
          Signature.of(in.fixed(Signature.BYTES)),
          in.value(ViewChangeStatement::decode));
    }
  }

  public NewViewStatement {
    viewChanges = List.copyOf(viewChanges);
    check(view, viewChanges);
  }

  /**
   * Checks what a NEW-VIEW must satisfy to be one.
   *
   * @throws IllegalArgumentException if one of {@code viewChanges} is to another view, or their
   *     signers do not rise strictly
   */
  public static void check(long view, List<SignedViewChange> viewChanges) {
    for (int i = 0; i < viewChanges.size(); i++) {
      if (viewChanges.get(i).viewChange().newView() != view) {
        throw new IllegalArgumentException("a NEW-VIEW holds VIEW-CHANGEs for its own view");
      }
      if (i > 0 && viewChanges.get(i).signer().compareTo(viewChanges.get(i - 1).signer()) <= 0) {
        throw new IllegalArgumentException(
            "the signers of a NEW-VIEW's VIEW-CHANGEs rise strictly");
      }
    }
  }

  @Override
  public byte[] signedBytes(Digest chainHash) {
    return DOMAIN.frame(chainHash, encoded());
  }

  @Override
  public void encode(Encoder out) {
    out.u64(view).list(viewChanges);
  }

  /** Reads what {@link #encode} writes. */
  public static NewViewStatement decode(Decoder in) throws MalformedException {
    return new NewViewStatement(
        in.u64(), in.list(ValidatorSet.VALIDATORS_MAX, SignedViewChange::decode));
  }
}
