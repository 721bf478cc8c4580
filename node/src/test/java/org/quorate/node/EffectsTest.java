package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.consensus.BadAnswer;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Outgoing;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.Transfer;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.journal.Journal;

class EffectsTest {
  private static final List<ReplicaId> OTHERS = List.of(new ReplicaId(1), new ReplicaId(2));

  @TempDir private Path folder;
  private final List<byte[]> payloads = new ArrayList<>();
  private final List<ReplicaId> receivers = new ArrayList<>();

  private final NodeMetrics metrics = new NodeMetrics();

  private Effects effects(Journal journal) {
    DecidedBlocks none =
        new DecidedBlocks() {
          @Override
          public void decided(CommittedBlock block) {}

          @Override
          public void certified(CheckpointCertificate certificate) {}

          @Override
          public void refetched(Item block) {}
        };
    return new Effects(
        journal,
        OTHERS,
        (to, payload) -> receivers.add(to) && payloads.add(payload),
        none,
        wanted -> {},
        new EvidenceList(),
        metrics,
        TestHost.MACHINE);
  }

  private static JoinedOutput output(List<JournalRecord> records, List<Outgoing> messages) {
    JoinedOutput joined = new JoinedOutput();
    joined.add(
        new Output(
            records, messages, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
            List.of()));
    return joined;
  }

  @Test
  void aMulticastIsEncodedOnce() throws Exception {
    try (Journal journal = Journal.open(folder).journal()) {
      effects(journal)
          .perform(
              output(
                  List.of(),
                  List.of(new Outgoing(Optional.empty(), new Transfer.FetchCommitted(1, 2)))));
    }

    assertThat(receivers).isEqualTo(OTHERS);
    assertThat(payloads.get(0)).isSameAs(payloads.get(1));
  }

  @Test
  void badAnswersAreCountedByReason() throws Exception {
    JoinedOutput joined = new JoinedOutput();
    List<BadAnswer> bad =
        List.of(
            new BadAnswer(OTHERS.get(0), BadAnswer.Reason.WRONG_HEIGHTS),
            new BadAnswer(OTHERS.get(1), BadAnswer.Reason.WRONG_HEIGHTS));
    joined.add(
        new Output(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), bad, List.of(),
            List.of()));
    try (Journal journal = Journal.open(folder).journal()) {
      effects(journal).perform(joined);
    }

    assertThat(
            metrics
                .registry()
                .getSampleValue(
                    "quorate_catchup_bad_answers_total",
                    new String[] {"reason"},
                    new String[] {"wrong_heights"}))
        .isEqualTo(2);
  }

  @Test
  void moreThanOneAppendTakesIsWrittenAllTheSame() throws Exception {
    JournalRecord large = new JournalRecord.NewViewSeen(ByteString.of(new byte[7 << 20]));
    List<JournalRecord> records = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      records.add(large);
    }
    records.add(new JournalRecord.ViewLeft(7));

    try (Journal journal = Journal.open(folder).journal()) {
      Effects effects = effects(journal);
      effects.perform(output(records, List.of()));

      assertThat(effects.journalGrown()).isTrue();
      effects.rewriteJournal(List.of(new JournalRecord.ViewLeft(7)));
      assertThat(effects.journalGrown()).isFalse();
    }

    Journal.Opened again = Journal.open(folder);
    again.journal().close();
    assertThat(again.records()).containsExactly(new JournalRecord.ViewLeft(7).encoded());
  }
}
