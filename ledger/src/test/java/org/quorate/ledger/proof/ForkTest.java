package org.quorate.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;

/** PROTOCOL.md, A7: two conflicting commit certificates, of seven validators: f = 2, q = 5. */
final class ForkTest {
  private static final int[] EARLY = {0, 1, 2, 3, 4};
  private static final int[] LATE = {2, 3, 4, 5, 6};

  private final TestChain chain = new TestChain(7);
  private final Auditor auditor = new Auditor(chain.spec(), SignatureVerifier.ED25519);
  private final Block one =
      chain.block(chain.spec().genesisHeader(), List.of(chain.put(1, "k", "one")));
  private final Block other =
      chain.block(chain.spec().genesisHeader(), List.of(chain.put(1, "k", "other")));
  private final Block onOther = chain.block(other.header(), List.of(chain.put(2, "k", "next")));

  private QuorumCertificate committed(long view, Block block, int... signers) {
    Vote vote = new Vote(Phase.COMMIT, view, block.id());
    return new QuorumCertificate(vote, chain.signed(vote, signers));
  }

  private Fork fork(
      QuorumCertificate first,
      QuorumCertificate second,
      List<BlockHeader> links,
      SignedStatement... viewChanges) {
    return Fork.of(chain.spec().chainHash(), first, second, links, List.of(viewChanges));
  }

  private SignedStatement forgetful(int signer, long view) {
    return chain.sign(signer, new ViewChangeStatement(view, Optional.empty(), Optional.empty()));
  }

  private static List<ReplicaId> replicas(int... indices) {
    return Arrays.stream(indices).mapToObj(ReplicaId::new).toList();
  }

  private List<ReplicaId> guilty(Fork fork) {
    Finding finding = auditor.judge(fork);
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    return List.copyOf(((Finding.Proven) finding).guilty());
  }

  private void refuted(Fork fork, Verdict.Fault fault) {
    Finding finding = auditor.judge(fork);
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
    assertThat(((Finding.Refuted) finding).reason().fault()).isEqualTo(fault);
  }

  @Test
  void certificatesOfOneViewNameAllWhoSignedBothAndTheyAreMoreThanF() {
    List<ReplicaId> guilty =
        guilty(fork(committed(0, one, EARLY), committed(0, other, LATE), List.of()));
    assertThat(guilty).isEqualTo(replicas(2, 3, 4));
    assertThat(guilty).hasSize(chain.spec().validators().quorum().weakQuorum());
  }

  @Test
  void certificatesOfTwoHeightsConflictIfTheHeadersLeadBesideTheLowerBlock() {
    Fork fork =
        fork(committed(0, one, EARLY), committed(0, onOther, LATE), List.of(onOther.header()));
    assertThat(guilty(fork)).isEqualTo(replicas(2, 3, 4));
    assertThat(fork.name()).isEqualTo("fork-height-1");
  }

  @Test
  void certificatesOfOneChainAreNoFork() {
    Block onOne = chain.block(one.header(), List.of(chain.put(2, "k", "next")));
    refuted(
        fork(committed(0, one, EARLY), committed(0, onOne, LATE), List.of(onOne.header())),
        Verdict.Fault.NO_CONTRADICTION);
    refuted(
        fork(committed(0, one, EARLY), committed(1, one, LATE), List.of()),
        Verdict.Fault.NO_CONTRADICTION);
  }

  @Test
  void headersThatAreMissingForeignOrTooManyProveNothing() {
    QuorumCertificate lower = committed(0, one, EARLY);
    QuorumCertificate higher = committed(0, onOther, LATE);
    refuted(fork(lower, higher, List.of()), Verdict.Fault.BROKEN_LINK);
    refuted(fork(lower, higher, List.of(other.header())), Verdict.Fault.BROKEN_LINK);
    refuted(
        fork(lower, higher, List.of(onOther.header(), other.header())), Verdict.Fault.BROKEN_LINK);
    refuted(
        fork(lower, committed(0, other, LATE), List.of(other.header())), Verdict.Fault.BROKEN_LINK);
  }

  /** A header of the right height that leads elsewhere would make a fork of an honest chain. */
  @Test
  void headerOfAnotherBlockThanTheCertifiedOneProvesNothing() {
    Block onOne = chain.block(one.header(), List.of(chain.put(2, "k", "next")));
    refuted(
        fork(committed(0, one, EARLY), committed(0, onOne, LATE), List.of(onOther.header())),
        Verdict.Fault.BROKEN_LINK);
  }

  @Test
  void acrossViewsThoseAreGuiltyWhoForgotTheirCommit() {
    Fork fork =
        fork(
            committed(0, one, EARLY),
            committed(2, other, LATE),
            List.of(),
            forgetful(1, 1),
            forgetful(3, 2),
            forgetful(4, 1));
    assertThat(guilty(fork)).isEqualTo(replicas(1, 3, 4));
  }

  /** A correct replica commits b, and b′ after a view change that others corrupted. */
  @Test
  void signingBothCertificatesOfDifferentViewsAloneMakesNobodyGuilty() {
    assertThat(guilty(fork(committed(0, one, EARLY), committed(1, other, LATE), List.of())))
        .isEmpty();
  }

  @Test
  void viewChangeThatDoesNotForgetIsRefused() {
    Vote prepared = new Vote(Phase.PREPARE, 0, one.id());
    SignedStatement honest =
        chain.sign(
            3,
            new ViewChangeStatement(
                1,
                Optional.empty(),
                Optional.of(new QuorumCertificate(prepared, chain.signed(prepared, EARLY)))));
    QuorumCertificate first = committed(0, one, EARLY);
    QuorumCertificate second = committed(2, other, LATE);
    refuted(fork(first, second, List.of(), honest), Verdict.Fault.NO_CONTRADICTION);
    // It did not sign the first certificate, so there is nothing that it forgot.
    refuted(fork(first, second, List.of(), forgetful(6, 1)), Verdict.Fault.NO_CONTRADICTION);
    SignedStatement borrowed =
        new SignedStatement(
            new ReplicaId(4), forgetful(3, 1).signature(), forgetful(3, 1).statement());
    refuted(fork(first, second, List.of(), borrowed), Verdict.Fault.BAD_SIGNATURE);
  }

  @Test
  void certificateWithoutAQuorumOrWithABadSignatureProvesNothing() {
    QuorumCertificate good = committed(0, one, EARLY);
    refuted(fork(good, committed(0, other, 2, 3, 4, 5), List.of()), Verdict.Fault.TOO_FEW_SIGNERS);
    QuorumCertificate bad =
        new QuorumCertificate(
            new Vote(Phase.COMMIT, 0, other.id()), committed(1, other, LATE).signatures());
    refuted(fork(good, bad, List.of()), Verdict.Fault.BAD_SIGNATURE);
    refuted(fork(bad, good, List.of()), Verdict.Fault.BAD_SIGNATURE);
  }

  @Test
  void preparedCertificatesAreNoFork() {
    Vote vote = new Vote(Phase.PREPARE, 0, other.id());
    QuorumCertificate prepared = new QuorumCertificate(vote, chain.signed(vote, LATE));
    assertThatThrownBy(() -> fork(committed(0, one, EARLY), prepared, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anotherChainsForkProvesNothingHere() {
    refuted(
        Fork.of(
            Digest.ZERO, committed(0, one, EARLY), committed(0, other, LATE), List.of(), List.of()),
        Verdict.Fault.WRONG_CHAIN);
  }

  @Test
  void documentIsReadAgain() throws MalformedException {
    Fork fork =
        fork(
            committed(2, onOther, LATE),
            committed(0, one, EARLY),
            List.of(onOther.header()),
            forgetful(3, 1));
    assertThat(fork.first().vote().view()).isZero();
    assertThat(EvidenceJson.read(EvidenceJson.write(fork))).isEqualTo(fork);
    assertThat(guilty(fork)).isEqualTo(replicas(3));
  }
}
