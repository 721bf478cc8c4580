package org.quorate.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.consensus.message.Signable;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/** Gathers what a step puts out. Emptied by {@link #take} at the end of each step. */
final class Outbox {
  private final MessageAuthenticator authenticator;
  private final Voice voice;
  private final List<JournalRecord> journal = new ArrayList<>();
  private final List<Outgoing> messages = new ArrayList<>();
  private final List<CommittedBlock> decided = new ArrayList<>();
  private final List<CheckpointCertificate> certified = new ArrayList<>();
  private final List<TimerSetting> timers = new ArrayList<>();
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<BadAnswer> badAnswers = new ArrayList<>();
  private final List<Output.Wanted> wanted = new ArrayList<>();
  private final List<Item> refetched = new ArrayList<>();

  Outbox(MessageAuthenticator authenticator, Voice voice) {
    this.authenticator = authenticator;
    this.voice = voice;
  }

  /** What may be signed. */
  Voice voice() {
    return voice;
  }

  /** Signs what the replica's {@link Voice} allows; anything else is a broken invariant. */
  <C extends Signable> Signed<C> sign(C content) {
    voice.require(content);
    return authenticator.sign(content);
  }

  void journal(JournalRecord record) {
    journal.add(record);
  }

  /** Whether this step has anything for the journal. */
  boolean journals() {
    return !journal.isEmpty();
  }

  /** Puts records before all others of this step. */
  void journalFirst(List<JournalRecord> records) {
    journal.addAll(0, records);
  }

  void multicast(Message message) {
    messages.add(new Outgoing(Optional.empty(), message));
  }

  void send(ReplicaId to, Message message) {
    messages.add(new Outgoing(Optional.of(to), message));
  }

  void decide(CommittedBlock block) {
    decided.add(block);
  }

  void certify(CheckpointCertificate certificate) {
    certified.add(certificate);
  }

  void start(Timer timer, long delayMillis) {
    timers.add(new TimerSetting(timer, OptionalLong.of(delayMillis)));
  }

  void stop(Timer timer) {
    timers.add(new TimerSetting(timer, OptionalLong.empty()));
  }

  void accuse(Signed<?> first, Signed<?> second) {
    evidence.add(new Evidence(first, second));
  }

  void report(BadAnswer answer) {
    badAnswers.add(answer);
  }

  void want(ReplicaId by, long fromHeight, long toHeight) {
    wanted.add(new Output.Wanted(by, fromHeight, toHeight));
  }

  void refetched(Item block) {
    refetched.add(block);
  }

  Output take() {
    return new Output(
        drain(journal),
        drain(messages),
        drain(decided),
        drain(certified),
        drain(timers),
        drain(evidence),
        drain(badAnswers),
        drain(wanted),
        drain(refetched));
  }

  private static <T> List<T> drain(List<T> list) {
    if (list.isEmpty()) {
      return List.of(); // as most are
    }
    List<T> drained = List.copyOf(list);
    list.clear();
    return drained;
  }
}
