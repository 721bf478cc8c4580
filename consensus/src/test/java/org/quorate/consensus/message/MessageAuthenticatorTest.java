package org.quorate.consensus.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quorate.consensus.message.SampleMessages.CHAIN;
import static org.quorate.consensus.message.SampleMessages.FIRST;
import static org.quorate.consensus.message.SampleMessages.PREPARED;
import static org.quorate.consensus.message.SampleMessages.PROVEN;
import static org.quorate.consensus.message.SampleMessages.RESULT;
import static org.quorate.consensus.message.SampleMessages.SECOND;
import static org.quorate.consensus.message.SampleMessages.STABLE;
import static org.quorate.consensus.message.SampleMessages.replica;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.RejectedException.Reason;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;

final class MessageAuthenticatorTest {
  private static final ReplicaId SENDER = new ReplicaId(2);

  static Stream<SampleMessages.Sample> samples() {
    return SampleMessages.all().stream();
  }

  private static void refused(Reason reason, Message message) {
    byte[] bytes = MessageCodec.encode(message);
    assertThatThrownBy(() -> replica(0).open(SENDER, bytes))
        .as("%s", message)
        .isInstanceOfSatisfying(
            RejectedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Signature forged() {
    byte[] bytes = new byte[Signature.BYTES];
    bytes[5] = 1;
    return Signature.of(bytes);
  }

  /** The same signatures, the last of them forged. */
  private static SignatureSet forged(SignatureSet set) {
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>(set.signatures());
    signatures.put(signatures.lastKey(), forged());
    return new SignatureSet(signatures);
  }

  private static QuorumCertificate forged(QuorumCertificate certificate) {
    return new QuorumCertificate(certificate.vote(), forged(certificate.signatures()));
  }

  private static CheckpointCertificate forged(CheckpointCertificate certificate) {
    return new CheckpointCertificate(certificate.checkpoint(), forged(certificate.signatures()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void opensWhatCorrectReplicasSend(SampleMessages.Sample sample) throws RejectedException {
    Authenticated opened = replica(0).open(SENDER, MessageCodec.encode(sample.message()));
    assertThat(opened.from()).isEqualTo(SENDER);
    assertThat(opened.message()).isEqualTo(sample.message());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void refusesEverySignedMessageOfWhichABitIsChanged(SampleMessages.Sample sample) {
    if (!(sample.message() instanceof Signed<?>)) {
      return;
    }
    byte[] bytes = MessageCodec.encode(sample.message());
    for (int at = 1; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> replica(0).open(SENDER, changed))
          .as("byte %d of %s", at, sample)
          .isInstanceOf(RejectedException.class);
    }
  }

  @Test
  void refusesWhatIsNoMessage() {
    assertThatThrownBy(() -> replica(0).open(SENDER, new byte[] {1, 2, 3}))
        .isInstanceOfSatisfying(
            RejectedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
  }

  @Test
  void refusesASignatureOfAnotherReplica() {
    Signed<Prepare> byThree = replica(3).sign(new Prepare(0, FIRST.id()));
    refused(
        Reason.BAD_SIGNATURE,
        new Signed<>(byThree.content(), new ReplicaId(1), byThree.signature()));
  }

  @Test
  void refusesASignerThatIsNoValidator() {
    Signed<Prepare> signed = replica(3).sign(new Prepare(0, FIRST.id()));
    refused(
        Reason.FOREIGN_SIGNER,
        new Signed<>(signed.content(), new ReplicaId(4), signed.signature()));
  }

  @Test
  void refusesAPrepareThatWasSignedAsACommit() {
    Signed<Commit> commit = replica(3).sign(new Commit(0, FIRST.id()));
    refused(
        Reason.BAD_SIGNATURE,
        new Signed<>(new Prepare(0, FIRST.id()), new ReplicaId(3), commit.signature()));
  }

  @Test
  void aPrePreparesSignatureIsThePrimarysPrepare() throws RejectedException {
    Signed<PrePrepare> prePrepare = replica(0).sign(new PrePrepare(0, FIRST));
    Signed<Prepare> prepare =
        new Signed<>(new Prepare(0, FIRST.id()), new ReplicaId(0), prePrepare.signature());
    assertThat(replica(1).open(SENDER, MessageCodec.encode(prepare)).message()).isEqualTo(prepare);
  }

  @Test
  void refusesAMessageOfAnotherChain() {
    TestChain other = new TestChain(4, ChainParameters.DEFAULTS);
    refused(
        Reason.BAD_SIGNATURE,
        other.authenticator(new ReplicaId(1)).sign(new Prepare(0, FIRST.id())));
    Block block = other.block(0, other.spec().genesisHeader(), other.transaction(1));
    refused(
        Reason.BAD_SIGNATURE, other.authenticator(new ReplicaId(0)).sign(new PrePrepare(0, block)));
    refused(Reason.MALFORMED, new Transfer.ProposedBlocks(List.of(block)));
    refused(Reason.BAD_TRANSACTION, replica(0).sign(new PrePrepare(0, block)));
  }

  @Test
  void refusesAProposalWithATransactionThatBreaksTheRules() {
    Transaction good = CHAIN.transaction(9);
    Transaction unsigned =
        new Transaction(good.chainHash(), good.client(), 9, good.operations(), forged());
    Block block = CHAIN.block(0, FIRST.header(), CHAIN.transaction(8), unsigned);
    refused(Reason.BAD_TRANSACTION, replica(0).sign(new PrePrepare(0, block)));
  }

  @Test
  void refusesAProposalThatIsEmptyOrLargerThanABlockMayBe() {
    Transaction[] oneTooMany =
        IntStream.rangeClosed(1, 1 + CHAIN.spec().parameters().blockTransactionsMax())
            .mapToObj(CHAIN::transaction)
            .toArray(Transaction[]::new);
    String tooLong = "x".repeat(CHAIN.spec().parameters().blockBytesMax());
    for (Block block :
        List.of(
            CHAIN.block(0, FIRST.header()),
            CHAIN.block(0, FIRST.header(), oneTooMany),
            CHAIN.block(0, FIRST.header(), CHAIN.transaction(0, 1, tooLong)))) {
      refused(Reason.BAD_SIZE, replica(0).sign(new PrePrepare(0, block)));
    }
  }

  @Test
  void refusesAViewChangeWithABadCertificate() {
    Optional<CheckpointCertificate> stable = Optional.of(STABLE);
    Optional<QuorumCertificate> prepared = Optional.of(PREPARED);
    for (ViewChange content :
        List.of(
            new ViewChange(1, Optional.of(forged(STABLE)), prepared),
            new ViewChange(1, Optional.of(PROVEN), prepared),
            new ViewChange(1, stable, Optional.of(forged(PREPARED))),
            new ViewChange(1, stable, Optional.of(CHAIN.prepared(0, SECOND.id(), 0, 1))))) {
      refused(Reason.BAD_CERTIFICATE, replica(2).sign(content));
    }
  }

  @Test
  void refusesANewViewInWhichOneViewChangeIsForged() {
    Signed<ViewChange> good = SampleMessages.viewChange(1, true);
    Signed<ViewChange> unsigned = new Signed<>(good.content(), new ReplicaId(3), forged());
    refused(Reason.BAD_SIGNATURE, replica(1).sign(new NewView(1, List.of(good, unsigned))));
    Signed<ViewChange> lying =
        replica(3).sign(new ViewChange(1, Optional.empty(), Optional.of(forged(PREPARED))));
    refused(Reason.BAD_CERTIFICATE, replica(1).sign(new NewView(1, List.of(good, lying))));
  }

  @Test
  void refusesFinalBlocksWithoutAQuorumsCertificate() {
    CommittedBlock good = CHAIN.committed(0, FIRST, 0, 1, 2);
    CommittedBlock tooFew = CHAIN.committed(0, FIRST, 0, 1);
    CommittedBlock forged = new CommittedBlock(FIRST, forged(good.commit()));
    CommittedBlock foreign =
        new CommittedBlock(
            FIRST,
            new QuorumCertificate(
                good.commit().vote(),
                new SignatureSet(
                    new TreeMap<>(
                        java.util.Map.of(
                            new ReplicaId(0),
                            forged(),
                            new ReplicaId(1),
                            forged(),
                            new ReplicaId(9),
                            forged())))));
    for (CommittedBlock block : List.of(tooFew, forged, foreign)) {
      refused(Reason.BAD_CERTIFICATE, committed(block, Optional.empty()));
    }
    refused(Reason.BAD_CERTIFICATE, committed(good, Optional.of(forged(PROVEN))));
    refused(Reason.BAD_CERTIFICATE, committed(good, Optional.of(CHAIN.certified(RESULT, 2))));
  }

  private static Transfer.CommittedBlocks committed(
      CommittedBlock block, Optional<CheckpointCertificate> checkpoint) {
    return new Transfer.CommittedBlocks(
        List.of(new Transfer.CommittedBlocks.Item(block, checkpoint)));
  }

  @Test
  void refusesAStableCheckpointOfTooFew() {
    refused(Reason.BAD_CERTIFICATE, new Transfer.StableCheckpoint(PROVEN));
    refused(Reason.BAD_CERTIFICATE, new Transfer.StableCheckpoint(forged(STABLE)));
  }

  @Test
  void worksWithEd25519() throws RejectedException {
    SigningKey key = SigningKey.ofSeed(new byte[32]);
    ValidatorSet validators = new ValidatorSet(List.of(new Validator("alone", key.publicKey())));
    MessageAuthenticator authenticator =
        new MessageAuthenticator(
            new ReplicaId(0),
            key::sign,
            new ChainSpec(
                "alone",
                TestChain.GENESIS_MILLIS,
                validators,
                CHAIN.spec().clients(),
                TestChain.PARAMETERS,
                new TreeMap<>()),
            SignatureVerifier.ED25519,
            block -> true);
    Signed<Prepare> prepare = authenticator.sign(new Prepare(0, FIRST.id()));
    assertThat(authenticator.open(SENDER, MessageCodec.encode(prepare)).message())
        .isEqualTo(prepare);
    Signed<Prepare> other =
        new Signed<>(new Prepare(1, FIRST.id()), prepare.signer(), prepare.signature());
    assertThatThrownBy(() -> authenticator.open(SENDER, MessageCodec.encode(other)))
        .isInstanceOf(RejectedException.class);
  }
}
