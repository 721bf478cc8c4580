package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.quorate.consensus.ChainTip;
import org.quorate.consensus.JournalRecord;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeStartException.Kind;
import org.quorate.node.journal.Journal;

/**
 * What a replica goes on with: the chain as it was executed, and what it said before.
 *
 * @param recovered what the journal held, oldest first
 */
record ReplicaStorage(Ledger ledger, Journal journal, List<JournalRecord> recovered) {
  /**
   * Reads what the journal held. One without whole memory says so before anything else.
   *
   * @param wholeMemory whether it was begun when the validator was new (PROTOCOL.md, R20)
   * @param folder where it is, for people
   * @throws NodeStartException if another program wrote it
   */
  static ReplicaStorage of(Ledger ledger, Journal.Opened opened, boolean wholeMemory, String folder)
      throws NodeStartException {
    List<JournalRecord> records = decode(folder, opened.records());
    if (!wholeMemory) {
      records.add(0, new JournalRecord.Forgot());
    }
    return new ReplicaStorage(ledger, opened.journal(), records);
  }

  private static List<JournalRecord> decode(String folder, List<byte[]> records)
      throws NodeStartException {
    List<JournalRecord> decoded = new ArrayList<>(records.size());
    for (byte[] record : records) {
      try {
        decoded.add(Decoder.decode(record, JournalRecord::decode));
      } catch (MalformedException e) {
        throw new NodeStartException(
            Kind.CONFIGURATION,
            "record %d of the journal in the data folder %s is none of this program's: %s"
                .formatted(decoded.size(), folder, e.getMessage()),
            e);
      }
    }
    return decoded;
  }

  /** The end of the stored chain, as the replica needs it. */
  ChainTip tip() {
    Checkpoint last = ledger.checkpoint();
    Optional<CheckpointCertificate> stable = ledger.stableCheckpoint();
    return new ChainTip(
        last.block(),
        ledger.tipHeader(),
        ledger
            .tipCommit()
            .map(commit -> OptionalLong.of(commit.vote().view()))
            .orElse(OptionalLong.empty()),
        ledger.replayWindows(),
        stable,
        results(stable.map(CheckpointCertificate::height).orElse(0L), last, height -> true),
        results(last.height() - ChainTip.UNPROVEN_BLOCKS_MAX, last, this::isUnproven));
  }

  private boolean isUnproven(long height) {
    try {
      return ledger.encodedCheckpointCertificate(height).isEmpty();
    } catch (StorageException e) {
      return true; // it is asked for, and written anew, like one that never came
    }
  }

  private List<Checkpoint> results(long above, Checkpoint last, LongPredicate wanted) {
    // Of what lies below a snapshot others have the proofs.
    long from = Math.max(ledger.headersFrom(), above + 1);
    return LongStream.rangeClosed(from, last.height())
        .filter(wanted)
        .mapToObj(this::result)
        .flatMap(Optional::stream)
        .toList();
  }

  /** What is damaged comes back with its block, when that is asked for. */
  private Optional<Checkpoint> result(long height) {
    try {
      return ledger.checkpoint(height);
    } catch (StorageException e) {
      return Optional.empty();
    }
  }
}
