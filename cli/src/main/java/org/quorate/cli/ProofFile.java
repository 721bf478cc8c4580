package org.quorate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.ProofBundle;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Proof;
import org.quorate.ledger.proof.Verdict;

/** A file that should hold a proof. */
final class ProofFile {
  private ProofFile() {}

  /**
   * The proof, which holds.
   *
   * @throws CommandFailure with the reason, if it does not
   */
  static Proof verified(ChainSpec chain, Path file) throws CommandFailure, IOException {
    Proof proof = read(file);
    if (new LightClient(chain, SignatureVerifier.ED25519).check(proof)
        instanceof Verdict.Invalid invalid) {
      throw invalid(file, invalid.detail());
    }
    return proof;
  }

  private static Proof read(Path file) throws CommandFailure, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ProofBundle.read(in.readNBytes(ProofBundle.BYTES_MAX + 1));
    } catch (MalformedException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
  }

  private static CommandFailure invalid(Path file, String reason) {
    return new CommandFailure(
        ExitCode.PROOF_INVALID, "the proof in " + file + " does not hold: " + reason);
  }
}
