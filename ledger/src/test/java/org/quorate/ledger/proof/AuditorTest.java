package org.quorate.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.NewViewStatement.SignedViewChange;

/** PROTOCOL.md, A1, A2, A3, A4, A5 and A6: what two statements prove, and what proves nothing. */
final class AuditorTest {
  private static final TestChain CHAIN = new TestChain();
  private static final Digest CHAIN_HASH = CHAIN.spec().chainHash();
  private static final BlockId ONE = block(7, "one");
  private static final BlockId OTHER = block(7, "other");
  private final Auditor auditor = new Auditor(CHAIN.spec(), SignatureVerifier.ED25519);

  private static BlockId block(long height, String name) {
    return new BlockId(
        height, Digest.sha256(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static Vote prepare(long view, BlockId block) {
    return new Vote(Phase.PREPARE, view, block);
  }

  private static Vote commit(long view, BlockId block) {
    return new Vote(Phase.COMMIT, view, block);
  }

  private static Checkpoint checkpoint(BlockId block, Digest stateRoot) {
    return new Checkpoint(block, Digest.ZERO, stateRoot);
  }

  private static ViewChangeStatement viewChange(long view) {
    return new ViewChangeStatement(view, Optional.empty(), Optional.empty());
  }

  private static ViewChangeStatement viewChange(long view, Vote prepared) {
    QuorumCertificate certificate =
        new QuorumCertificate(prepared, CHAIN.signed(prepared, 0, 1, 2));
    return new ViewChangeStatement(view, Optional.empty(), Optional.of(certificate));
  }

  private static NewViewStatement newView(long view, int... signers) {
    List<SignedViewChange> changes =
        java.util.Arrays.stream(signers)
            .mapToObj(
                signer ->
                    new SignedViewChange(
                        new ReplicaId(signer),
                        CHAIN.sign(signer, viewChange(view)).signature(),
                        viewChange(view)))
            .toList();
    return new NewViewStatement(view, changes);
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        Arguments.of(EvidenceKind.PREPARE, prepare(3, ONE), prepare(3, OTHER)),
        Arguments.of(EvidenceKind.COMMIT, commit(3, ONE), commit(3, OTHER)),
        Arguments.of(
            EvidenceKind.CHECKPOINT, checkpoint(ONE, Digest.ZERO), checkpoint(ONE, CHAIN_HASH)),
        Arguments.of(
            EvidenceKind.CHECKPOINT, checkpoint(ONE, Digest.ZERO), checkpoint(OTHER, Digest.ZERO)),
        Arguments.of(EvidenceKind.VIEW_CHANGE, viewChange(3), viewChange(3, prepare(0, ONE))),
        Arguments.of(
            EvidenceKind.VIEW_CHANGE,
            viewChange(3, prepare(0, OTHER)),
            viewChange(3, prepare(0, ONE))),
        Arguments.of(EvidenceKind.VIEW_CHANGE, viewChange(3, prepare(0, ONE)), viewChange(4)),
        Arguments.of(
            EvidenceKind.VIEW_CHANGE,
            viewChange(3, prepare(1, ONE)),
            viewChange(4, prepare(0, block(9, "higher, but of a lower view")))),
        Arguments.of(EvidenceKind.NEW_VIEW, newView(3, 0, 1, 2), newView(3, 1, 2, 3)),
        Arguments.of(EvidenceKind.FORGOTTEN_COMMIT, commit(3, ONE), viewChange(4)),
        Arguments.of(
            EvidenceKind.FORGOTTEN_COMMIT,
            commit(3, ONE),
            viewChange(9, prepare(2, block(8, "higher, but of a lower view")))),
        Arguments.of(
            EvidenceKind.FORGOTTEN_COMMIT,
            commit(3, ONE),
            viewChange(4, prepare(3, block(6, "lower")))),
        Arguments.of(
            EvidenceKind.FORGOTTEN_COMMIT, commit(3, ONE), viewChange(4, prepare(3, OTHER))));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void oneWhoSignsBothIsGuiltyInWhateverOrderTheyCome(
      EvidenceKind kind, Statement one, Statement other) {
    for (FaultProof proof :
        List.of(
            Contradiction.of(CHAIN_HASH, CHAIN.sign(2, one), CHAIN.sign(2, other)),
            Contradiction.of(CHAIN_HASH, CHAIN.sign(2, other), CHAIN.sign(2, one)))) {
      assertThat(proof.kind()).isEqualTo(kind);
      assertThat(proof.name()).startsWith(kind.slug()).matches("[a-z0-9-]{1,80}").endsWith("-2");
      assertThat(guilty(proof)).containsExactly(new ReplicaId(2));
    }
  }

  static Stream<Arguments> compatible() {
    ViewChangeStatement stable =
        new ViewChangeStatement(
            3,
            Optional.of(CHAIN.certificate(checkpoint(ONE, Digest.ZERO), 0, 1, 2)),
            Optional.empty());
    return Stream.of(
        Arguments.of("the same twice", prepare(3, ONE), prepare(3, ONE)),
        Arguments.of("another view", prepare(3, ONE), prepare(4, OTHER)),
        Arguments.of("another height", commit(3, ONE), commit(3, block(8, "next"))),
        Arguments.of("another phase", prepare(3, ONE), commit(3, OTHER)),
        Arguments.of(
            "results of two heights",
            checkpoint(ONE, Digest.ZERO),
            checkpoint(block(8, "next"), CHAIN_HASH)),
        Arguments.of("a vote and a result", prepare(3, ONE), checkpoint(OTHER, Digest.ZERO)),
        Arguments.of("another stable checkpoint after a restart", viewChange(3), stable),
        Arguments.of("what was prepared rises", viewChange(3), viewChange(4, prepare(0, ONE))),
        Arguments.of(
            "a higher view counts above a higher block",
            viewChange(3, prepare(1, block(9, "higher"))),
            viewChange(4, prepare(2, ONE))),
        Arguments.of("NEW-VIEWs of two views", newView(3, 0, 1, 2), newView(4, 0, 1, 2)),
        Arguments.of("the same NEW-VIEW twice", newView(3, 0, 1, 2), newView(3, 0, 1, 2)),
        Arguments.of("the COMMIT is of the view changed to", commit(4, ONE), viewChange(4)),
        Arguments.of("a PREPARE may be forgotten", prepare(3, ONE), viewChange(4)),
        Arguments.of("the COMMIT is reported", commit(3, ONE), viewChange(4, prepare(3, ONE))),
        Arguments.of(
            "a descendant is reported",
            commit(3, ONE),
            viewChange(4, prepare(3, block(8, "next")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compatible")
  void whatACorrectReplicaMaySignIsNoEvidence(String why, Statement one, Statement other) {
    assertThat(ContradictionRules.kind(one, other)).as(why).isEmpty();
    assertThat(ContradictionRules.kind(other, one)).as(why).isEmpty();
    assertThatThrownBy(() -> Contradiction.of(CHAIN_HASH, CHAIN.sign(2, one), CHAIN.sign(2, other)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void statementsOfTwoSignersProveNothing() {
    refuted(
        Contradiction.of(
            CHAIN_HASH, CHAIN.sign(2, prepare(3, ONE)), CHAIN.sign(1, prepare(3, OTHER))),
        Verdict.Fault.DIFFERENT_SIGNERS);
  }

  @Test
  void anotherChainsEvidenceProvesNothingHere() {
    refuted(
        Contradiction.of(
            Digest.ZERO, CHAIN.sign(2, prepare(3, ONE)), CHAIN.sign(2, prepare(3, OTHER))),
        Verdict.Fault.WRONG_CHAIN);
  }

  @Test
  void signaturesForAnotherChainProveNothingHere() {
    SignedStatement foreign = new TestChain(7).sign(2, prepare(3, ONE));
    refuted(
        Contradiction.of(CHAIN_HASH, foreign, CHAIN.sign(2, prepare(3, OTHER))),
        Verdict.Fault.BAD_SIGNATURE);
  }

  @Test
  void oneWhoIsNoValidatorIsNotAccused() {
    TestChain larger = new TestChain(7);
    refuted(
        Contradiction.of(
            CHAIN_HASH, larger.sign(5, prepare(3, ONE)), larger.sign(5, prepare(3, OTHER))),
        Verdict.Fault.FOREIGN_SIGNER);
  }

  @Test
  void borrowedSignatureOnEitherSideProvesNothing() {
    SignedStatement good = CHAIN.sign(2, prepare(3, ONE));
    SignedStatement borrowed =
        new SignedStatement(new ReplicaId(2), good.signature(), prepare(3, OTHER));
    refuted(Contradiction.of(CHAIN_HASH, good, borrowed), Verdict.Fault.BAD_SIGNATURE);
    refuted(Contradiction.of(CHAIN_HASH, borrowed, good), Verdict.Fault.BAD_SIGNATURE);
  }

  /** Any one bit of either statement: no longer read, no contradiction, or not proven. */
  @ParameterizedTest
  @MethodSource("contradictions")
  void noBitOfEvidenceCanBeChanged(EvidenceKind kind, Statement one, Statement other) {
    byte[] bytes = CHAIN.sign(2, one).encoded();
    SignedStatement untouched = CHAIN.sign(2, other);
    int step = Math.max(1, bytes.length * 8 / 500);
    for (int bit = 0; bit < bytes.length * 8; bit += step) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(holds(bytes, untouched)).as("%s with bit %d changed", kind, bit).isFalse();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(holds(bytes, untouched)).isTrue();
  }

  private boolean holds(byte[] bytes, SignedStatement other) {
    try {
      SignedStatement read = Decoder.decode(bytes, SignedStatement::decode);
      return auditor.judge(Contradiction.of(CHAIN_HASH, read, other)) instanceof Finding.Proven;
    } catch (MalformedException | IllegalArgumentException e) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void documentIsReadAgain(EvidenceKind kind, Statement one, Statement other)
      throws MalformedException {
    FaultProof proof = Contradiction.of(CHAIN_HASH, CHAIN.sign(2, one), CHAIN.sign(2, other));
    byte[] document = EvidenceJson.write(proof);
    assertThat(EvidenceJson.read(document)).isEqualTo(proof);
    assertThat(proof.kind()).isEqualTo(kind);
  }

  private Iterable<ReplicaId> guilty(FaultProof proof) {
    Finding finding = auditor.judge(proof);
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    return ((Finding.Proven) finding).guilty();
  }

  private void refuted(FaultProof proof, Verdict.Fault fault) {
    Finding finding = auditor.judge(proof);
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
    assertThat(((Finding.Refuted) finding).reason().fault()).isEqualTo(fault);
  }
}
