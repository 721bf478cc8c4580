package org.quorate.ledger.json;

import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Proof;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;

/** A proof bundle of any kind, which its format tells. */
public final class ProofBundle {
  /** The largest bundle that is read, in bytes. */
  public static final int BYTES_MAX = StateProofJson.BYTES_MAX;

  private ProofBundle() {}

  /** The bundle as UTF-8, indented, with a final newline. */
  public static byte[] write(Proof proof) {
    return proof instanceof StateProof state
        ? StateProofJson.write(state)
        : ProofJson.write((TransactionProof) proof);
  }

  /**
   * Reads a bundle; whether it proves anything is {@link
   * org.quorate.ledger.proof.LightClient#check}'s to say.
   *
   * @throws MalformedException if it is not a bundle, naming the field
   */
  public static Proof read(byte[] json) throws MalformedException {
    BundleReader bundle = BundleReader.parse("a proof", json, BYTES_MAX);
    String format = bundle.text("format");
    return switch (format) {
      case ProofJson.FORMAT -> ProofJson.read(bundle);
      case StateProofJson.FORMAT -> StateProofJson.read(bundle);
      default ->
          throw new MalformedException(
              "the format of a proof is \""
                  + ProofJson.FORMAT
                  + "\" or \""
                  + StateProofJson.FORMAT
                  + "\", not \""
                  + format
                  + "\"");
    };
  }
}
