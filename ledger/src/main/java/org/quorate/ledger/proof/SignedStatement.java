package org.quorate.ledger.proof;

import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * One statement and who signed it. Holding one says nothing: {@link #check} does.
 *
 * <pre>
 * signed_statement = u16 replica fixed[64] signature statement
 * statement        = 0x01 vote | 0x02 checkpoint | 0x03 view_change | 0x04 new_view
 * </pre>
 */
public record SignedStatement(ReplicaId signer, Signature signature, Statement statement)
    implements Encodable {
  /** Whether the signer is one of {@code validators} and signed the statement on this chain. */
  public Verdict check(ValidatorSet validators, Digest chainHash, SignatureVerifier verifier) {
    if (!validators.contains(signer)) {
      return Verdict.invalid(
          Verdict.Fault.FOREIGN_SIGNER,
          signer + " is not one of " + validators.n() + " validators");
    }
    return verifier.verify(
            validators.validator(signer).publicKey(), statement.signedBytes(chainHash), signature)
        ? Verdict.valid()
        : Verdict.invalid(
            Verdict.Fault.BAD_SIGNATURE,
            "the signature of " + validators.validator(signer).name() + " under a statement");
  }

  @Override
  public void encode(Encoder out) {
    out.value(signer).fixed(signature.bytes()).u8(code(statement)).value(statement);
  }

  private static int code(Statement statement) {
    if (statement instanceof Vote) {
      return 1;
    } else if (statement instanceof Checkpoint) {
      return 2;
    } else {
      return statement instanceof ViewChangeStatement ? 3 : 4;
    }
  }

  /** Reads what {@link #encode} writes. */
  public static SignedStatement decode(Decoder in) throws MalformedException {
    return new SignedStatement(
        ReplicaId.decode(in), Signature.of(in.fixed(Signature.BYTES)), statement(in));
  }

  private static Statement statement(Decoder in) throws MalformedException {
    int code = in.u8();
    return switch (code) {
      case 1 -> in.value(Vote::decode);
      case 2 -> in.value(Checkpoint::decode);
      case 3 -> in.value(ViewChangeStatement::decode);
      case 4 -> in.value(NewViewStatement::decode);
      default -> throw new MalformedException("no statement has the code " + code);
    };
  }
}
