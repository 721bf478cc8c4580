package org.quorate.consensus.message;

import java.util.List;
import java.util.Optional;
import org.quorate.consensus.TestChain;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;

/** One message of every kind, and with every optional part once there and once not. */
final class SampleMessages {
  static final TestChain CHAIN = new TestChain(4);
  static final Block FIRST = CHAIN.block(0, CHAIN.spec().genesisHeader(), CHAIN.transaction(1));
  static final Block SECOND =
      CHAIN.block(0, FIRST.header(), CHAIN.transaction(2), CHAIN.transaction(3));
  static final Checkpoint RESULT = CHAIN.execute(Digest.ZERO, FIRST);
  static final CheckpointCertificate STABLE = CHAIN.certified(RESULT, 0, 1, 2);
  static final CheckpointCertificate PROVEN = CHAIN.certified(RESULT, 1, 3);
  static final QuorumCertificate PREPARED = CHAIN.prepared(0, SECOND.id(), 0, 2, 3);

  private SampleMessages() {}

  /**
   * A message.
   *
   * @param golden number of its bytes and the first half of their SHA-256, computed when the
   *     encoding was made: it changes only together with the protocol's version
   */
  record Sample(int kind, Message message, String golden) {}

  static MessageAuthenticator replica(int index) {
    return CHAIN.authenticator(new ReplicaId(index));
  }

  static Signed<ViewChange> viewChange(int signer, boolean withCertificates) {
    return replica(signer)
        .sign(
            withCertificates
                ? new ViewChange(1, Optional.of(STABLE), Optional.of(PREPARED))
                : new ViewChange(1, Optional.empty(), Optional.empty()));
  }

  static Signed<NewView> newView() {
    return replica(1)
        .sign(
            new NewView(
                1, List.of(viewChange(0, true), viewChange(1, false), viewChange(3, true))));
  }

  static Transfer.CommittedBlocks committedBlocks() {
    return new Transfer.CommittedBlocks(
        List.of(
            new Transfer.CommittedBlocks.Item(
                CHAIN.committed(0, FIRST, 0, 1, 2), Optional.of(PROVEN)),
            new Transfer.CommittedBlocks.Item(
                CHAIN.committed(0, SECOND, 1, 2, 3), Optional.empty())));
  }

  static List<Sample> all() {
    List<ReplicaId> some = List.of(new ReplicaId(0), new ReplicaId(3));
    return List.of(
        new Sample(0x01, replica(0).sign(new PrePrepare(0, SECOND)), "559 a5e215c3c33d36e7"),
        new Sample(0x02, replica(2).sign(new Prepare(0, SECOND.id())), "116 cca65d205d321543"),
        new Sample(0x03, replica(3).sign(new Commit(0, SECOND.id())), "116 f364d4c41baf0c66"),
        new Sample(0x04, replica(1).sign(new CheckpointVote(RESULT)), "171 4a636bd80d6640e6"),
        new Sample(0x05, viewChange(2, true), "630 744d75ceaddd392d"),
        new Sample(0x05, viewChange(2, false), "77 50dc0bad2cb9ada5"),
        new Sample(0x06, newView(), "1413 2eb2216f4377195a"),
        new Sample(0x10, new Transfer.Status(3, true, 3, 9, 4, List.of()), "38 e707fea4bd5fc6cd"),
        new Sample(
            0x10,
            new Transfer.Status(
                3,
                false,
                5,
                9,
                4,
                List.of(
                    new Transfer.SlotStatus(10, true, some, List.of()),
                    new Transfer.SlotStatus(11, false, List.of(), some))),
            "80 fafdfc8c776327ab"),
        new Sample(0x11, new Transfer.StableCheckpoint(STABLE), "305 9bf81c768f77f954"),
        new Sample(0x12, new Transfer.FetchCommitted(7, 70), "17 05bd1b04c3fe46d3"),
        new Sample(0x13, committedBlocks(), "1551 135275d6ce2c0d59"),
        new Sample(0x14, new Transfer.FetchProposed(SECOND.id(), 0), "49 c6f1230d85b86bbc"),
        new Sample(
            0x15, new Transfer.ProposedBlocks(List.of(SECOND, FIRST)), "813 d981ce515fe0207a"),
        new Sample(0x16, new Transfer.Recall(7), "9 4941a821e6bf294b"),
        new Sample(
            0x17,
            new Transfer.Testimony(7, 3, 9, Optional.empty(), Optional.empty(), Optional.empty()),
            "28 8e9b010735003ae6"),
        new Sample(
            0x17,
            new Transfer.Testimony(
                7,
                3,
                9,
                Optional.of(replica(2).sign(new Prepare(0, SECOND.id()))),
                Optional.of(replica(2).sign(new Commit(0, SECOND.id()))),
                Optional.of(viewChange(2, true))),
            "887 68d77ebc68d96d65"));
  }
}
