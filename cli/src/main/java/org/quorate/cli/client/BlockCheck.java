package org.quorate.cli.client;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Verdict;

/** Asks a node for a block and checks what it hands over against the genesis file. */
final class BlockCheck {
  private final ChainSpec chain;

  BlockCheck(ChainSpec chain) {
    this.chain = chain;
  }

  /** Block 0, which the genesis file defines. */
  VerifiedBlock genesis() {
    return new VerifiedBlock(
        chain.genesisBlock().hash(),
        chain.genesisHeader(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The block, or empty with a note of what was wrong. */
  Optional<VerifiedBlock> ask(NodeClient node, String height, Reports reports)
      throws InterruptedException {
    Answer<NodeClient.BlockAnswer> block = node.block(height);
    if (!(block instanceof Answer.Given<NodeClient.BlockAnswer> given)) {
      reports.note(node.node(), block);
      return Optional.empty();
    }
    BlockHeader header = given.value().header();
    if (header.height() == 0 && height.equals("latest")) {
      return Optional.of(genesis());
    }
    Answer<NodeClient.CertificateAnswer> certificates = node.certificate(header.height());
    if (!(certificates instanceof Answer.Given<NodeClient.CertificateAnswer> certified)) {
      reports.note(node.node(), certificates);
      return Optional.empty();
    }
    Optional<String> fault = fault(height, given.value(), certified.value());
    if (fault.isPresent()) {
      reports.noteLie(node.node(), fault.get());
      return Optional.empty();
    }
    return Optional.of(
        new VerifiedBlock(
            header.hash(chain.chainHash()),
            header,
            given.value().transactions(),
            Optional.of(certified.value().commit()),
            certified.value().checkpoint(),
            Optional.of(node.node())));
  }

  private Optional<String> fault(
      String height, NodeClient.BlockAnswer block, NodeClient.CertificateAnswer certificates) {
    BlockHeader header = block.header();
    if (!height.equals("latest") && header.height() != Long.parseLong(height)) {
      return Optional.of("gave block " + header.height() + " instead");
    }
    if (!header.validatorSetHash().equals(chain.validators().hash())) {
      return Optional.of("gave a block of other validators than the genesis file's");
    }
    BlockId id = new BlockId(header.height(), header.hash(chain.chainHash()));
    return fault(id, certificates.commit())
        .or(() -> fault(header, block.transactions()))
        .or(() -> certificates.checkpoint().flatMap(checkpoint -> fault(id, checkpoint)));
  }

  private Optional<String> fault(BlockId id, QuorumCertificate commit) {
    if (commit.vote().phase() != Phase.COMMIT || !commit.vote().block().equals(id)) {
      return Optional.of("gave a commit certificate of something else");
    }
    return fault(
        "commit certificate",
        commit.check(chain.validators(), chain.chainHash(), SignatureVerifier.ED25519));
  }

  private static Optional<String> fault(BlockHeader header, List<Digest> transactions) {
    boolean same =
        header.transactionCount() == transactions.size()
            && header
                .transactionsRoot()
                .equals(MerkleTree.root(transactions.stream().map(Digest::bytes).toList()));
    return same
        ? Optional.empty()
        : Optional.of("gave a list of transactions that is not that of the header");
  }

  private Optional<String> fault(BlockId id, CheckpointCertificate checkpoint) {
    if (!checkpoint.checkpoint().block().equals(id)) {
      return Optional.of("gave a checkpoint certificate of another block");
    }
    return fault(
        "checkpoint certificate",
        checkpoint.checkProven(chain.validators(), chain.chainHash(), SignatureVerifier.ED25519));
  }

  private static Optional<String> fault(String what, Verdict verdict) {
    return verdict instanceof Verdict.Invalid invalid
        ? Optional.of("gave a forged " + what + ": " + invalid.detail())
        : Optional.empty();
  }
}
