package org.quorate.consensus.message;

import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.NewViewStatement.SignedViewChange;

/**
 * NEW-VIEW: the primary of {@code view} shows a quorum of VIEW-CHANGEs for it, from which everyone
 * computes the tip it starts at. {@code new_view}.
 */
public record NewView(long view, List<Signed<ViewChange>> viewChanges) implements Signable {
  public NewView {
    viewChanges = List.copyOf(viewChanges);
    NewViewStatement.check(view, statements(viewChanges));
  }

  private static List<SignedViewChange> statements(List<Signed<ViewChange>> viewChanges) {
    return viewChanges.stream()
        .map(
            signed ->
                new SignedViewChange(
                    signed.signer(), signed.signature(), signed.content().statement()))
        .toList();
  }

  @Override
  public NewViewStatement statement() {
    return new NewViewStatement(view, statements(viewChanges));
  }

  @Override
  public void encode(Encoder out) {
    out.value(statement());
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
