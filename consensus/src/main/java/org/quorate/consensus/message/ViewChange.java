package org.quorate.consensus.message;

import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.ViewChangeStatement;

/** VIEW-CHANGE: the sender has left all views below its new one for good. {@code view_change}. */
public record ViewChange(ViewChangeStatement statement) implements Signable {
  /** To {@code newView}; see {@link ViewChangeStatement}. */
  public ViewChange(
      long newView,
      Optional<CheckpointCertificate> stable,
      Optional<QuorumCertificate> highestPrepared) {
    this(new ViewChangeStatement(newView, stable, highestPrepared));
  }

  /** The view that the sender wants to enter; at least 1. */
  public long newView() {
    return statement.newView();
  }

  /** The sender's stable checkpoint, if it has one above the genesis block. */
  public Optional<CheckpointCertificate> stable() {
    return statement.stable();
  }

  /** Of all prepared certificates the sender ever held, the greatest by (view, height). */
  public Optional<QuorumCertificate> highestPrepared() {
    return statement.highestPrepared();
  }

  @Override
  public void encode(Encoder out) {
    out.value(statement);
  }

  static ViewChange decode(Decoder in) throws MalformedException {
    return new ViewChange(in.value(ViewChangeStatement::decode));
  }

  @Override
  public String toString() {
    return "VIEW-CHANGE(v"
        + newView()
        + statement.prepared().map(v -> " prepared v" + v.view() + " " + v.block()).orElse("")
        + ")";
  }
}
