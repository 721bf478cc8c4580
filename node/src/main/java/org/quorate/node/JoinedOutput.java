package org.quorate.node;

import java.util.ArrayList;
import java.util.List;
import org.quorate.consensus.BadAnswer;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.Outgoing;
import org.quorate.consensus.Output;
import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/**
 * The outputs of all steps of one turn, so that they share one sync. Timers are not among them:
 * they are set at each step. Owned by the replica's thread.
 */
final class JoinedOutput {
  private final List<JournalRecord> journal = new ArrayList<>();
  private final List<Outgoing> messages = new ArrayList<>();
  private final List<CommittedBlock> decided = new ArrayList<>();
  private final List<CheckpointCertificate> certified = new ArrayList<>();
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<BadAnswer> badAnswers = new ArrayList<>();
  private final List<Output.Wanted> wanted = new ArrayList<>();
  private final List<Item> refetched = new ArrayList<>();

  void add(Output output) {
    journal.addAll(output.journal());
    messages.addAll(output.messages());
    decided.addAll(output.decided());
    certified.addAll(output.certified());
    evidence.addAll(output.evidence());
    badAnswers.addAll(output.badAnswers());
    wanted.addAll(output.wanted());
    refetched.addAll(output.refetched());
  }

  List<JournalRecord> journal() {
    return journal;
  }

  List<Outgoing> messages() {
    return messages;
  }

  List<CommittedBlock> decided() {
    return decided;
  }

  List<CheckpointCertificate> certified() {
    return certified;
  }

  List<Evidence> evidence() {
    return evidence;
  }

  List<BadAnswer> badAnswers() {
    return badAnswers;
  }

  List<Item> refetched() {
    return refetched;
  }

  List<Output.Wanted> wanted() {
    return wanted;
  }
}
