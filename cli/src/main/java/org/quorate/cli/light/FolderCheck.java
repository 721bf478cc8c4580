package org.quorate.cli.light;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.quorate.cli.CommandFailure;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Verdict;

/** Whether a head and its hashes, which are as they were written, are those of a chain. */
final class FolderCheck {
  private final LightFiles files;
  private final ChainSpec chain;
  private final LightClient lightClient;

  FolderCheck(LightFiles files, ChainSpec chain) {
    this.files = files;
    this.chain = chain;
    this.lightClient = new LightClient(chain, SignatureVerifier.ED25519);
  }

  /**
   * In this order: the chain; of each segment the certificates of its first and last block, and
   * that these are the first and last of its hashes; the certificate of the proven result.
   *
   * @throws CommandFailure naming the first that does not hold
   */
  void check(Head head, List<HashFile> hashes) throws CommandFailure, IOException {
    if (!head.chainHash().equals(chain.chainHash())) {
      throw files.damaged(
          files.head(),
          "it is of the chain " + head.chainHash() + ", not that of " + files.genesis());
    }
    for (int i = 0; i < hashes.size(); i++) {
      Segment segment = head.segments().get(i);
      HashFile file = hashes.get(i);
      checkEnd(segment.start(), file.hash(0));
      checkEnd(segment.last(), file.hash(segment.count() - 1));
    }
    if (head.proven().isPresent()) {
      ProvenHeader proven = head.proven().get();
      require(lightClient.check(proven.header(), proven.certificate()));
    }
  }

  private void checkEnd(Optional<CommittedHeader> block, Digest hash) throws CommandFailure {
    if (block.isPresent()) {
      require(lightClient.check(block.get()));
    }
    BlockHeader header = block.map(CommittedHeader::header).orElse(chain.genesisHeader());
    if (!header.hash(chain.chainHash()).equals(hash)) {
      throw files.damaged(
          files.head(), "its block " + header.height() + " is not that of the hashes");
    }
  }

  private void require(Verdict verdict) throws CommandFailure {
    if (verdict instanceof Verdict.Invalid invalid) {
      throw files.damaged(files.head(), invalid.detail());
    }
  }
}
