package org.quorate.ledger.proof;

import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;

/**
 * A replica's word that it has left all views below {@code newView} for good, and what it had
 * prepared by then (Castro & Liskov, OSDI '99, §4.4).
 *
 * <pre>
 * view_change = u64 newView optional(checkpoint certificate) optional(prepared certificate)
 * signature   = Ed25519 over "quorate/view-change/v1\0" ‖ chainHash ‖ view_change
 * </pre>
 *
 * @param newView at least 1
 * @param stable the signer's stable checkpoint, if it has one above the genesis block
 * @param highestPrepared of all prepared certificates the signer ever held, the one of the greatest
 *     (view, height), view first; its view is below {@code newView}
 */
public record ViewChangeStatement(
    long newView,
    Optional<CheckpointCertificate> stable,
    Optional<QuorumCertificate> highestPrepared)
    implements Statement {
  private static final Domain DOMAIN = Domain.of("view-change");

  public ViewChangeStatement {
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

  /** What the signer says it had prepared, without the signatures of others. */
  public Optional<Vote> prepared() {
    return highestPrepared.map(QuorumCertificate::vote);
  }

  @Override
  public byte[] signedBytes(Digest chainHash) {
    return DOMAIN.frame(chainHash, encoded());
  }

  @Override
  public void encode(Encoder out) {
    out.u64(newView).optional(stable).optional(highestPrepared);
  }

  /** Reads what {@link #encode} writes. */
  public static ViewChangeStatement decode(Decoder in) throws MalformedException {
    return new ViewChangeStatement(
        in.u64(),
        in.optional(CheckpointCertificate::decode),
        in.optional(QuorumCertificate::decode));
  }
}
