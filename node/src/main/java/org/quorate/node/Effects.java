package org.quorate.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.quorate.consensus.BadAnswer;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Outgoing;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.journal.Journal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a turn of the replica asks for, in the order that its safety rests on: first the
 * journal is durable, then messages leave, then decided blocks go to the ledger (PROTOCOL.md, crash
 * recovery). Owned by the replica's thread.
 */
final class Effects {
  private static final Logger log = LoggerFactory.getLogger(Effects.class);

  private final Journal journal;
  private final List<ReplicaId> others;
  private final PeerSender peers;
  private final DecidedBlocks ledger;
  private final Consumer<Output.Wanted> blockServer;
  private final EvidenceSink evidence;
  private final NodeMetrics metrics;
  private final Clock clock;

  /**
   * @param journal its only writer is this object from now on
   * @param others all replicas but this one
   * @param blockServer answers requests for final blocks; must not block
   */
  Effects(
      Journal journal,
      List<ReplicaId> others,
      PeerSender peers,
      DecidedBlocks ledger,
      Consumer<Output.Wanted> blockServer,
      EvidenceSink evidence,
      NodeMetrics metrics,
      Clock clock) {
    this.journal = journal;
    this.others = List.copyOf(others);
    this.peers = peers;
    this.ledger = ledger;
    this.blockServer = blockServer;
    this.evidence = evidence;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Does all of it.
   *
   * @throws IOException if the journal cannot be made durable; then nothing was sent, and nothing
   *     may ever be
   */
  void perform(JoinedOutput output) throws IOException {
    if (!output.journal().isEmpty()) {
      long start = clock.nanos();
      append(output.journal());
      metrics.journalSynced((clock.nanos() - start) / 1e9);
      metrics.journalSize(journal.bytes());
    }
    output.messages().forEach(this::send);
    output.decided().forEach(ledger::decided);
    output.certified().forEach(ledger::certified);
    output.refetched().forEach(ledger::refetched);
    keepEvidence(output);
    output.badAnswers().forEach(this::count);
    output.wanted().forEach(blockServer);
  }

  private void append(List<JournalRecord> records) throws IOException {
    List<byte[]> encoded = new ArrayList<>(records.size());
    long bytes = 0;
    for (JournalRecord record : records) {
      byte[] one = record.encoded();
      if (bytes + one.length > RunnerLimits.JOURNAL_APPEND_BYTES_MAX && bytes > 0) {
        journal.append(encoded);
        encoded.clear();
        bytes = 0;
      }
      encoded.add(one);
      bytes += one.length;
    }
    journal.append(encoded);
  }

  private void send(Outgoing outgoing) {
    byte[] payload = PeerPayload.ofMessage(MessageCodec.encode(outgoing.message()));
    if (outgoing.to().isPresent()) {
      peers.send(outgoing.to().get(), payload);
    } else {
      for (ReplicaId other : others) {
        peers.send(other, payload);
      }
    }
  }

  private void keepEvidence(JoinedOutput output) {
    output.evidence().forEach(evidence::found);
    for (JournalRecord record : output.journal()) {
      if (record instanceof JournalRecord.NewViewSeen seen) {
        evidence.entered(seen.message());
      }
    }
  }

  /**
   * The last thing that is done: what proves the fork outlives the node.
   *
   * @param unfinished what the turn had come to by then; nothing of it is said or decided
   */
  void forked(ForkError fork, JoinedOutput unfinished) {
    keepEvidence(unfinished);
    evidence.forked(fork);
  }

  private void count(BadAnswer answer) {
    log.info("{} was asked for blocks in vain: {}", answer.from(), answer.reason());
    metrics.catchUpAnswerBad(answer.reason().name().toLowerCase(Locale.ROOT));
  }

  /** Whether the journal has grown so that it should be rewritten. */
  boolean journalGrown() {
    return journal.hasGrown();
  }

  /** Replaces the journal by the records that still matter. Between turns only. */
  void rewriteJournal(List<JournalRecord> live) throws IOException {
    journal.rewrite(live.stream().map(JournalRecord::encoded).toList());
    metrics.journalSize(journal.bytes());
  }
}
