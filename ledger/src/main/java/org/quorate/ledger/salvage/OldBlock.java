package org.quorate.ledger.salvage;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.store.Table;

/**
 * What the damaged ledger has of one height and the genesis vouches for, whatever stands above and
 * below: all of the signatures.
 *
 * @param header with a valid commit certificate
 * @param listed its transactions, for which nothing vouches; none if they cannot be read
 * @param block of that header, and those transactions
 * @param certificate signed by f+1 or more
 * @param certificateLost whether there was one that is not {@code certificate}
 */
record OldBlock(
    long height,
    Optional<CommittedHeader> header,
    List<Transaction> listed,
    Optional<Block> block,
    Optional<CheckpointCertificate> certificate,
    boolean certificateLost) {

  /** The entries of a height, undecoded. */
  record Entries(
      long height, OldLedger.Raw header, OldLedger.Raw transactions, OldLedger.Raw certificate) {
    static Entries read(OldLedger ledger, long height) {
      return new Entries(
          height,
          ledger.raw(Table.HEADER.key(height)),
          ledger.raw(Table.TRANSACTIONS.key(height)),
          ledger.raw(Table.CERTIFICATE.key(height)));
    }

    /** Checks them; may be done by any thread. */
    OldBlock check(ChainSpec spec) {
      LightClient client = new LightClient(spec, SignatureVerifier.ED25519);
      Optional<CommittedHeader> committed =
          decoded(header, CommittedHeader::decode)
              .filter(found -> found.header().height() == height)
              .filter(found -> client.check(found).isValid());
      List<Transaction> listed = decoded(transactions, Block::decodeTransactions).orElse(List.of());
      Optional<Block> block =
          transactions.bytes().isEmpty()
              ? Optional.empty()
              : committed.flatMap(found -> block(spec, found.header(), listed));
      Optional<CheckpointCertificate> proven =
          decoded(certificate, CheckpointCertificate::decode)
              .filter(found -> found.height() == height)
              .filter(
                  found ->
                      found
                          .checkProven(
                              spec.validators(), spec.chainHash(), SignatureVerifier.ED25519)
                          .isValid());
      boolean lost = proven.isEmpty() && (certificate.damaged() || certificate.bytes().isPresent());
      return new OldBlock(height, committed, listed, block, proven, lost);
    }
  }

  private static Optional<Block> block(
      ChainSpec spec, BlockHeader header, List<Transaction> transactions) {
    try {
      return Optional.of(new Block(spec.chainHash(), header, transactions));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // they are not those of the header
    }
  }

  static <T> Optional<T> decoded(OldLedger.Raw raw, Decoder.Reader<T> reader) {
    if (raw.bytes().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Decoder.decode(raw.bytes().get(), reader));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
