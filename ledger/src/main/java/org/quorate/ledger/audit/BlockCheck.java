package org.quorate.ledger.audit;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.store.Table;

/**
 * What can be checked of one height with the genesis alone, without the blocks before it: nearly
 * all of an audit's time, and all its signatures. Safe for use by any thread.
 */
final class BlockCheck {
  private final ChainSpec spec;
  private final SignatureVerifier verifier;
  private final LightClient client;
  private final TransactionRules rules;

  BlockCheck(ChainSpec spec, SignatureVerifier verifier) {
    this.spec = spec;
    this.verifier = verifier;
    this.client = new LightClient(spec, verifier);
    this.rules = new TransactionRules(spec, verifier);
  }

  /**
   * Checks, in this order:
   *
   * <ol>
   *   <li>The header is of its height and of the genesis' validators, and a quorum of them signed
   *       COMMIT for it.
   *   <li>Its proposer is the primary of the view in which it was proposed, which is no later than
   *       that of the COMMITs.
   *   <li>The stored checkpoint is of this block.
   *   <li>Its certificate, if there is one, is of the same checkpoint, signed by f+1 or more.
   *   <li>The transactions are those of the header, as many and as large as a block may have, and
   *       each may stand in the chain.
   *   <li>The receipts are of the transactions, in their order.
   * </ol>
   */
  CheckedBlock.Outcome check(BlockEntries entries) {
    try {
      return new CheckedBlock.Outcome.Sound(checked(entries));
    } catch (DamagedException e) {
      return new CheckedBlock.Outcome.Faulty(e.damage());
    }
  }

  private CheckedBlock checked(BlockEntries entries) throws DamagedException {
    BlockHeader header = header(entries);
    Checkpoint checkpoint =
        decoded(entries, Table.CHECKPOINT, entries.checkpoint(), Checkpoint::decode);
    BlockId block = new BlockId(header.height(), header.hash(spec.chainHash()));
    if (!checkpoint.block().equals(block)) {
      throw entries.damaged(
          Table.CHECKPOINT,
          "the checkpoint is of the block " + checkpoint.block() + ", not " + block);
    }
    int signers = 0;
    if (entries.certificate().isPresent()) {
      signers = checkCertificate(entries, entries.certificate().get(), checkpoint);
    }
    Optional<CheckedBlock.Body> body = Optional.empty();
    if (entries.body().isPresent()) {
      body = Optional.of(body(entries, entries.body().get(), header));
    }
    return new CheckedBlock(header, checkpoint, body, signers);
  }

  private BlockHeader header(BlockEntries entries) throws DamagedException {
    CommittedHeader committed =
        decoded(entries, Table.HEADER, entries.header(), CommittedHeader::decode);
    BlockHeader header = committed.header();
    if (header.height() != entries.height()) {
      throw entries.damaged(Table.HEADER, "the header is of height " + header.height());
    }
    if (client.check(committed) instanceof Verdict.Invalid invalid) {
      throw entries.damaged(Table.HEADER, "the commit certificate fails: " + invalid.detail());
    }
    if (!header.proposer().equals(spec.validators().primary(header.proposedView()))) {
      throw entries.damaged(
          Table.HEADER, header.proposer() + " is not the primary of view " + header.proposedView());
    }
    if (header.proposedView() > committed.commit().vote().view()) {
      throw entries.damaged(Table.HEADER, "the block was committed before it was proposed");
    }
    return header;
  }

  private int checkCertificate(BlockEntries entries, Entry entry, Checkpoint checkpoint)
      throws DamagedException {
    CheckpointCertificate certificate =
        decoded(entries, Table.CERTIFICATE, entry, CheckpointCertificate::decode);
    Optional<String> fault = proven(certificate);
    if (fault.isPresent()) {
      throw entries.damaged(Table.CERTIFICATE, fault.get());
    }
    if (!certificate.checkpoint().equals(checkpoint)) {
      throw entries.damaged(
          certificate.checkpoint().block().equals(checkpoint.block())
              ? Table.CHECKPOINT
              : Table.CERTIFICATE,
          "stored is the result " + checkpoint + ", but proven is " + certificate.checkpoint());
    }
    return certificate.signatures().size();
  }

  private CheckedBlock.Body body(BlockEntries entries, BlockEntries.Body body, BlockHeader header)
      throws DamagedException {
    Block block = block(entries, header, body.transactions());
    if (!block.fits(spec.parameters())) {
      throw entries.damaged(
          Table.TRANSACTIONS, "the block has no transactions, or more than a block may have");
    }
    for (int i = 0; i < block.transactions().size(); i++) {
      Optional<TransactionRules.Fault> fault = rules.check(block.transactions().get(i));
      if (fault.isPresent()) {
        throw entries.damaged(
            Table.TRANSACTIONS, "transaction " + i + " may not stand in the chain: " + fault.get());
      }
    }
    List<Receipt> receipts =
        decoded(
            entries,
            Table.RECEIPTS,
            body.receipts(),
            in -> in.list(ChainParameters.BLOCK_TRANSACTIONS_LIMIT, Receipt::decode));
    if (receipts.size() != block.transactions().size()) {
      throw entries.damaged(
          Table.RECEIPTS,
          receipts.size() + " receipts of " + block.transactions().size() + " transactions");
    }
    for (int i = 0; i < receipts.size(); i++) {
      if (!receipts.get(i).transactionHash().equals(block.transactions().get(i).hash())) {
        throw entries.damaged(Table.RECEIPTS, "receipt " + i + " is of another transaction");
      }
    }
    return new CheckedBlock.Body(block, receipts);
  }

  private Block block(BlockEntries entries, BlockHeader header, Entry entry)
      throws DamagedException {
    List<Transaction> transactions =
        decoded(entries, Table.TRANSACTIONS, entry, Block::decodeTransactions);
    try {
      return new Block(spec.chainHash(), header, transactions);
    } catch (IllegalArgumentException e) {
      throw entries.damaged(Table.TRANSACTIONS, String.valueOf(e.getMessage()));
    }
  }

  /** Why f+1 did not sign it. */
  Optional<String> proven(CheckpointCertificate certificate) {
    return certificate.checkProven(spec.validators(), spec.chainHash(), verifier)
            instanceof Verdict.Invalid invalid
        ? Optional.of("the checkpoint certificate fails: " + invalid.detail())
        : Optional.empty();
  }

  private static <T> T decoded(
      BlockEntries entries, Table table, Entry entry, Decoder.Reader<T> reader)
      throws DamagedException {
    if (entry.value().length == 0) {
      throw entries.damaged(table, "the entry was lost, and no peer has given it since");
    }
    try {
      return Decoder.decode(entry.value(), reader);
    } catch (MalformedException e) {
      throw entries.damaged(table, "malformed, " + e.getMessage());
    }
  }
}
