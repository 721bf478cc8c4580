package org.quorate.cli.light;

import java.util.Optional;
import org.quorate.cli.client.HeaderBatch;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Verdict;

/** What is wrong with headers that a node handed over. */
final class HeaderCheck {
  private final LightClient lightClient;

  HeaderCheck(ChainSpec chain) {
    this.lightClient = new LightClient(chain, SignatureVerifier.ED25519);
  }

  /** What is wrong with headers that should continue {@code trusted}, and go up to {@code to}. */
  Optional<String> fault(BlockHeader trusted, long to, HeaderBatch batch) {
    if (lightClient.checkHeaders(trusted, batch.headers(), batch.commit())
        instanceof Verdict.Invalid invalid) {
      return Optional.of("gave headers that do not hold: " + invalid.detail());
    }
    if (batch.last().header().height() > to) {
      return Optional.of("gave more headers than it was asked for");
    }
    return checkpointFault(batch);
  }

  /** What is wrong with the one header at {@code height}, whatever stands below it. */
  Optional<String> fault(long height, HeaderBatch batch) {
    if (batch.headers().size() != 1 || batch.last().header().height() != height) {
      return Optional.of("gave other headers than it was asked for");
    }
    if (lightClient.check(batch.last()) instanceof Verdict.Invalid invalid) {
      return Optional.of("gave a header that does not hold: " + invalid.detail());
    }
    return checkpointFault(batch);
  }

  private Optional<String> checkpointFault(HeaderBatch batch) {
    Optional<CheckpointCertificate> checkpoint = batch.checkpoint();
    return checkpoint.isPresent()
            && lightClient.check(batch.last().header(), checkpoint.get())
                instanceof Verdict.Invalid invalid
        ? Optional.of("gave a checkpoint that does not hold: " + invalid.detail())
        : Optional.empty();
  }
}
