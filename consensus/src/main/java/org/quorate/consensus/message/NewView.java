package org.quorate.consensus.message;

import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * NEW-VIEW: the primary of {@code view} shows a quorum of VIEW-CHANGEs for it, from which everyone
 * computes the tip it starts at.
 *
 * <pre>
 * new-view  = u64 view list(signed view-change)        signers strictly rising
 * signature over "quorate/new-view/v1\0" ‖ chainHash ‖ new-view
 * </pre>
 */
public record NewView(long view, List<Signed<ViewChange>> viewChanges) implements Signable {
  private static final Domain DOMAIN = Domain.of("new-view");

  public NewView {
    viewChanges = List.copyOf(viewChanges);
    for (int i = 0; i < viewChanges.size(); i++) {
      if (viewChanges.get(i).content().newView() != view) {
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

  static NewView decode(Decoder in) throws MalformedException {
    return new NewView(
        in.u64(),
        in.list(ValidatorSet.VALIDATORS_MAX, signed -> Signed.decode(signed, ViewChange::decode)));
  }

  @Override
  public String toString() {
    return "NEW-VIEW(v" + view + " " + viewChanges.stream().map(Signed::signer).toList() + ")";
  }
}
