package org.quorate.ledger.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;

/** PROTOCOL.md, A8: two results of one height, of four validators: f = 1, a weak quorum of 2. */
final class DivergenceTest {
  private static final BlockId BLOCK = new BlockId(7, digest("block"));
  private static final Checkpoint ONE = new Checkpoint(BLOCK, digest("receipts"), digest("state"));

  private final TestChain chain = new TestChain();
  private final Digest chainHash = chain.spec().chainHash();
  private final Auditor auditor = new Auditor(chain.spec(), SignatureVerifier.ED25519);
  private final CheckpointCertificate one = chain.certificate(ONE, 0, 1);

  private static Digest digest(String of) {
    return Digest.sha256(of.getBytes(UTF_8));
  }

  /** Each differs from {@link #ONE} in one thing. */
  private static List<Checkpoint> others() {
    return List.of(
        new Checkpoint(
            new BlockId(7, digest("another block")), ONE.receiptsRoot(), ONE.stateRoot()),
        new Checkpoint(BLOCK, digest("other receipts"), ONE.stateRoot()),
        new Checkpoint(BLOCK, ONE.receiptsRoot(), digest("another state")));
  }

  private static Checkpoint other() {
    return others().get(2);
  }

  private Divergence divergence(CheckpointCertificate a, CheckpointCertificate b) {
    return Divergence.of(chainHash, a, b);
  }

  private List<ReplicaId> guilty(Divergence divergence) {
    Finding finding = auditor.judge(divergence);
    assertThat(finding).isInstanceOf(Finding.Proven.class);
    return List.copyOf(((Finding.Proven) finding).guilty());
  }

  private void refuted(Divergence divergence, Verdict.Fault fault) {
    Finding finding = auditor.judge(divergence);
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
    assertThat(((Finding.Refuted) finding).reason().fault()).isEqualTo(fault);
  }

  private static List<ReplicaId> replicas(int... indices) {
    return Arrays.stream(indices).mapToObj(ReplicaId::new).toList();
  }

  @Test
  void whoeverSignedBothResultsIsGuiltyWhateverDiffers() {
    for (Checkpoint other : others()) {
      assertThat(guilty(divergence(one, chain.certificate(other, 1, 2)))).isEqualTo(replicas(1));
      assertThat(guilty(divergence(one, chain.certificate(other, 0, 1, 3))))
          .isEqualTo(replicas(0, 1));
    }
  }

  /** Two sets of f+1 of 3f+1 need not overlap, and what they prove holds without a name. */
  @Test
  void resultsOfWhichNobodySignedBothAreProvenAndAccuseNobody() {
    for (Checkpoint other : others()) {
      assertThat(guilty(divergence(one, chain.certificate(other, 2, 3)))).isEmpty();
    }
  }

  @Test
  void oneConflictIsWrittenAsTheSameBytesWhicheverCertificateCameFirst() throws Exception {
    for (Checkpoint checkpoint : others()) {
      CheckpointCertificate other = chain.certificate(checkpoint, 1, 2);
      byte[] document = EvidenceJson.write(divergence(one, other));
      assertThat(EvidenceJson.write(divergence(other, one))).isEqualTo(document);
      FaultProof read = EvidenceJson.read(document);
      assertThat(read).isEqualTo(divergence(one, other));
      assertThat(read.kind()).isEqualTo(EvidenceKind.DIVERGENCE);
      assertThat(read.name()).isEqualTo("divergence-height-7");
    }
  }

  @Test
  void certificatesInTheOtherOrderAreRefusedAlsoInADocument() {
    Divergence good = divergence(one, chain.certificate(other(), 1, 2));
    CheckpointCertificate smaller = good.first();
    CheckpointCertificate larger = good.second();
    assertThatThrownBy(() -> new Divergence(chainHash, larger, smaller))
        .isInstanceOf(IllegalArgumentException.class);
    String first = Hex.encode(smaller.encoded());
    String second = Hex.encode(larger.encoded());
    String turned =
        new String(EvidenceJson.write(good), UTF_8)
            .replace(first, "-")
            .replace(second, first)
            .replace("-\"", second + "\"");
    assertThatThrownBy(() -> EvidenceJson.read(turned.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("first");
  }

  @Test
  void whichBlocksDifferIsTold() {
    assertThat(divergence(one, chain.certificate(other(), 2, 3)).isOfOneBlock()).isTrue();
    assertThat(divergence(one, chain.certificate(others().get(0), 2, 3)).isOfOneBlock()).isFalse();
  }

  @Test
  void oneResultSignedByTwoSetsIsNoDivergence() {
    assertThatThrownBy(() -> divergence(one, chain.certificate(ONE, 2, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("differ");
  }

  @Test
  void resultsOfTwoHeightsAreNoDivergence() {
    Checkpoint next = new Checkpoint(new BlockId(8, BLOCK.hash()), Digest.ZERO, Digest.ZERO);
    assertThatThrownBy(() -> divergence(one, chain.certificate(next, 1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one height");
  }

  /** A lying minority signs what it likes. */
  @Test
  void fewerThanAWeakQuorumOnEitherSideProveNothing() {
    CheckpointCertificate good = chain.certificate(other(), 2, 3);
    refuted(divergence(one, chain.certificate(other(), 3)), Verdict.Fault.TOO_FEW_SIGNERS);
    refuted(divergence(chain.certificate(ONE, 0), good), Verdict.Fault.TOO_FEW_SIGNERS);
    refuted(divergence(chain.certificate(ONE), good), Verdict.Fault.TOO_FEW_SIGNERS);
  }

  @Test
  void borrowedSignatureOnEitherSideProvesNothing() {
    CheckpointCertificate good = chain.certificate(other(), 2, 3);
    CheckpointCertificate borrowed = new CheckpointCertificate(ONE, good.signatures());
    refuted(divergence(borrowed, good), Verdict.Fault.BAD_SIGNATURE);
    refuted(
        divergence(one, new CheckpointCertificate(other(), one.signatures())),
        Verdict.Fault.BAD_SIGNATURE);
  }

  /** A third signature that does not hold spoils two that do. */
  @Test
  void everySignatureMustHoldAlsoBeyondTheWeakQuorum() {
    TreeMap<ReplicaId, Signature> mixed = new TreeMap<>(chain.signed(other(), 1, 2).signatures());
    mixed.putAll(chain.signed(ONE, 3).signatures());
    refuted(
        divergence(one, new CheckpointCertificate(other(), new SignatureSet(mixed))),
        Verdict.Fault.BAD_SIGNATURE);
  }

  @Test
  void oneWhoIsNoValidatorCountsForNothing() {
    CheckpointCertificate foreign = new TestChain(7).certificate(other(), 5, 6);
    refuted(divergence(one, foreign), Verdict.Fault.FOREIGN_SIGNER);
  }

  @Test
  void anotherChainsDivergenceProvesNothingHere() {
    refuted(
        Divergence.of(Digest.ZERO, one, chain.certificate(other(), 1, 2)),
        Verdict.Fault.WRONG_CHAIN);
    // The same validators, who signed for another chain.
    TestChain another = new TestChain(7);
    refuted(divergence(one, another.certificate(other(), 1, 2)), Verdict.Fault.BAD_SIGNATURE);
  }

  /** Of seven validators a weak quorum is three. */
  @Test
  void theThresholdIsThatOfTheGenesis() {
    TestChain larger = new TestChain(7);
    Auditor of7 = new Auditor(larger.spec(), SignatureVerifier.ED25519);
    CheckpointCertificate three = larger.certificate(ONE, 0, 1, 2);
    Digest hash = larger.spec().chainHash();
    assertThat(of7.judge(Divergence.of(hash, three, larger.certificate(other(), 2, 3, 4))))
        .isEqualTo(new Finding.Proven(new TreeSet<>(replicas(2))));
    assertThat(of7.judge(Divergence.of(hash, three, larger.certificate(other(), 5, 6))))
        .isInstanceOf(Finding.Refuted.class);
  }

  /** Any one bit of either certificate: no longer read, no divergence, or not proven. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noBitOfACertificateCanBeChanged(boolean theFirst) {
    Divergence good = divergence(one, chain.certificate(other(), 1, 2));
    byte[] bytes = (theFirst ? good.first() : good.second()).encoded();
    CheckpointCertificate untouched = theFirst ? good.second() : good.first();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(holds(bytes, untouched)).as("bit %d", bit).isFalse();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(holds(bytes, untouched)).isTrue();
  }

  private boolean holds(byte[] bytes, CheckpointCertificate untouched) {
    try {
      CheckpointCertificate read = Decoder.decode(bytes, CheckpointCertificate::decode);
      return auditor.judge(divergence(read, untouched)) instanceof Finding.Proven;
    } catch (MalformedException | IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void noBitOfADocumentCanBeChanged() {
    byte[] document = EvidenceJson.write(divergence(one, chain.certificate(other(), 1, 2)));
    for (int bit = 0; bit < document.length * 8; bit++) {
      byte[] changed = document.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(holds(changed)).as("bit %d", bit).isFalse();
    }
    assertThat(holds(document)).isTrue();
  }

  private boolean holds(byte[] document) {
    try {
      return auditor.judge(EvidenceJson.read(document)) instanceof Finding.Proven;
    } catch (MalformedException e) {
      return false;
    }
  }
}
