package org.quorate.consensus.message;

import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * VIEW-CHANGE: the sender has left all views below {@code newView} for good.
 *
 * <pre>
 * view-change = u64 newView optional(checkpoint certificate) optional(prepared certificate)
 * signature over "quorate/view-change/v1\0" ‖ chainHash ‖ view-change
 * </pre>
 *
 * @param newView at least 1
 * @param stable the sender's stable checkpoint, if it has one above the genesis block
 * @param highestPrepared of all prepared certificates the sender ever held, the one of the greatest
 *     (view, height), view first; its view is below {@code newView}
 */
public record ViewChange(
    long newView,
    Optional<CheckpointCertificate> stable,
    Optional<QuorumCertificate> highestPrepared)
    implements Signable {
  private static final Domain DOMAIN = Domain.of("view-change");

  public ViewChange {
    if (newView < 1) {
      throw new IllegalArgumentException("a view change is to view 1 or above");
    }
    highestPrepared.ifPresent(
        certificate -> {
          if (certificate.vote().phase() != Phase.PREPARE || certificate.vote().view() >= newView) {
            throw new IllegalArgumentException(
                "not a prepared certificate of a view below the new one");
          }
        });
  }

  @Override
  public byte[] signedBytes(Digest chainHash) {
    return DOMAIN.frame(chainHash, encoded());
  }

  @Override
  public void encode(Encoder out) {
    out.u64(newView).optional(stable).optional(highestPrepared);
  }

  static ViewChange decode(Decoder in) throws MalformedException {
    return new ViewChange(
        in.u64(),
        in.optional(CheckpointCertificate::decode),
        in.optional(QuorumCertificate::decode));
  }

  @Override
  public String toString() {
    return "VIEW-CHANGE(v"
        + newView
        + highestPrepared
            .map(c -> " prepared v" + c.vote().view() + " " + c.vote().block())
            .orElse("")
        + ")";
  }
}
