package org.quorate.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;

/** A row of headers is final with the certificate of its last, and with nothing less. */
final class HeaderChainTest {
  private static final int HEADERS = 5;

  private final TestChain chain = new TestChain();
  private final LightClient client = new LightClient(chain.spec(), SignatureVerifier.ED25519);
  private final BlockHeader genesis = chain.spec().genesisHeader();
  private final List<BlockHeader> headers = headers(chain, genesis, HEADERS);
  private final QuorumCertificate commit = commit(last(headers), 0, 1, 2);

  private static List<BlockHeader> headers(TestChain of, BlockHeader parent, int count) {
    List<BlockHeader> made = new ArrayList<>();
    BlockHeader before = parent;
    for (int i = 0; i < count; i++) {
      before = of.block(before, List.of()).header();
      made.add(before);
    }
    return made;
  }

  private static BlockHeader last(List<BlockHeader> of) {
    return of.get(of.size() - 1);
  }

  private Vote vote(Phase phase, BlockHeader header) {
    return new Vote(phase, 0, new BlockId(header.height(), header.hash(chain.spec().chainHash())));
  }

  private QuorumCertificate commit(BlockHeader header, int... signers) {
    Vote vote = vote(Phase.COMMIT, header);
    return new QuorumCertificate(vote, chain.signed(vote, signers));
  }

  private static void assertFault(Verdict verdict, Verdict.Fault fault) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(fault));
  }

  private Verdict check(List<BlockHeader> of, QuorumCertificate with) {
    return client.checkHeaders(genesis, of, with);
  }

  @Test
  void theCertificateOfTheLastProvesAll() {
    assertThat(check(headers, commit)).isEqualTo(Verdict.valid());
    assertThat(check(headers.subList(0, 1), commit(headers.get(0), 1, 2, 3)))
        .isEqualTo(Verdict.valid());
    assertThat(client.checkHeaders(headers.get(2), headers.subList(3, HEADERS), commit))
        .isEqualTo(Verdict.valid());
    assertThat(client.check(new CommittedHeader(last(headers), commit))).isEqualTo(Verdict.valid());
  }

  @Test
  void noHeaderProvesNothing() {
    assertFault(check(List.of(), commit), Verdict.Fault.NO_HEADERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aGapIsRefused(int missing) {
    List<BlockHeader> gap = new ArrayList<>(headers);
    gap.remove(missing);
    assertFault(check(gap, commit), Verdict.Fault.WRONG_HEIGHT);
  }

  @Test
  void whatDoesNotBeginAboveTheTrustedBlockIsRefused() {
    assertFault(client.checkHeaders(headers.get(0), headers, commit), Verdict.Fault.WRONG_HEIGHT);
  }

  @Test
  void swappedAndRepeatedHeadersAreRefused() {
    List<BlockHeader> swapped = new ArrayList<>(headers);
    Collections.swap(swapped, 1, 2);
    assertFault(check(swapped, commit), Verdict.Fault.WRONG_HEIGHT);
    List<BlockHeader> repeated = new ArrayList<>(headers);
    repeated.add(2, headers.get(1));
    assertFault(check(repeated, commit), Verdict.Fault.WRONG_HEIGHT);
  }

  /** One of them is changed in one field: the next no longer names it as its parent. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aHeaderThatIsChangedBreaksTheLinkAboveIt(int place) {
    List<BlockHeader> changed = new ArrayList<>(headers);
    BlockHeader good = headers.get(place);
    changed.set(place, with(good, good.parentHash(), good.timestampMillis() + 1));
    assertFault(check(changed, commit), Verdict.Fault.BROKEN_LINK);
  }

  @Test
  void theLastHeaderIsTheOneThatTheCertificateIsOf() {
    List<BlockHeader> changed = new ArrayList<>(headers);
    BlockHeader good = last(headers);
    changed.set(HEADERS - 1, with(good, good.parentHash(), good.timestampMillis() + 1));
    assertFault(check(changed, commit), Verdict.Fault.WRONG_BLOCK);
    assertFault(check(headers.subList(0, HEADERS - 1), commit), Verdict.Fault.WRONG_BLOCK);
  }

  private static BlockHeader with(BlockHeader header, Digest parent, long timestampMillis) {
    return new BlockHeader(
        header.height(),
        parent,
        header.proposedView(),
        timestampMillis,
        header.proposer(),
        header.transactionsRoot(),
        header.transactionCount(),
        header.validatorSetHash());
  }

  @Test
  void anotherParentThanTheTrustedBlockIsRefusedWhoeverSigned() {
    BlockHeader stray = with(headers.get(0), Digest.ZERO, headers.get(0).timestampMillis());
    assertFault(check(List.of(stray), commit(stray, 0, 1, 2)), Verdict.Fault.BROKEN_LINK);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void timeStandsStillForNoHeader(long laterMillis) {
    BlockHeader early =
        with(headers.get(0), headers.get(0).parentHash(), genesis.timestampMillis() + laterMillis);
    assertFault(check(List.of(early), commit(early, 0, 1, 2)), Verdict.Fault.WRONG_TIME);
  }

  @Test
  void headersOfOtherValidatorsAreRefused() {
    BlockHeader good = headers.get(0);
    BlockHeader foreign =
        new BlockHeader(
            good.height(),
            good.parentHash(),
            good.proposedView(),
            good.timestampMillis(),
            good.proposer(),
            good.transactionsRoot(),
            good.transactionCount(),
            new TestChain(7).spec().validators().hash());
    assertFault(
        check(List.of(foreign), commit(foreign, 0, 1, 2)), Verdict.Fault.WRONG_VALIDATOR_SET);
  }

  @Test
  void theChainOfAnotherNetworkIsRefused() {
    TestChain other = new TestChain(7);
    List<BlockHeader> foreign = headers(other, other.spec().genesisHeader(), HEADERS);
    Vote vote =
        new Vote(
            Phase.COMMIT, 0, new BlockId(HEADERS, last(foreign).hash(other.spec().chainHash())));
    QuorumCertificate theirs = new QuorumCertificate(vote, other.signed(vote, 0, 1, 2, 3, 4));
    assertFault(check(foreign, theirs), Verdict.Fault.BROKEN_LINK);
    assertFault(check(headers, theirs), Verdict.Fault.WRONG_BLOCK);
  }

  /** Of four validators, three make a block final; f+1 = 2 prove a result and no more. */
  @Test
  void lessThanAQuorumIsNotEnough() {
    assertFault(check(headers, commit(last(headers), 1, 2)), Verdict.Fault.TOO_FEW_SIGNERS);
  }

  @Test
  void aPreparedCertificateIsNotEnough() {
    Vote vote = vote(Phase.PREPARE, last(headers));
    assertFault(
        check(headers, new QuorumCertificate(vote, chain.signed(vote, 0, 1, 2, 3))),
        Verdict.Fault.WRONG_PHASE);
  }

  @Test
  void aForeignSignerAndOneThatSignsForAnotherAreRefused() {
    TreeMap<ReplicaId, Signature> signatures =
        new TreeMap<>(commit(last(headers), 0, 1).signatures().signatures());
    Signature second = commit(last(headers), 1).signatures().signatures().get(new ReplicaId(1));
    signatures.put(new ReplicaId(2), second);
    assertFault(
        check(headers, new QuorumCertificate(commit.vote(), new SignatureSet(signatures))),
        Verdict.Fault.BAD_SIGNATURE);
    signatures.remove(new ReplicaId(2));
    signatures.put(new ReplicaId(4), second);
    assertFault(
        check(headers, new QuorumCertificate(commit.vote(), new SignatureSet(signatures))),
        Verdict.Fault.FOREIGN_SIGNER);
  }

  /** That no signer stands twice is the encoding's to see. */
  @Test
  void aRepeatedSignerCannotBeRead() {
    byte[] one = commit(last(headers), 1).signatures().encoded();
    byte[] entry = new byte[one.length - 2];
    System.arraycopy(one, 2, entry, 0, entry.length);
    byte[] twice =
        new Encoder().value(commit.vote()).u16(3).fixed(entry).fixed(entry).fixed(entry).toBytes();
    assertThat(catchThrowable(() -> Decoder.decode(twice, QuorumCertificate::decode)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void aCheckpointIsOfItsHeaderAndOfAWeakQuorum() {
    Checkpoint checkpoint =
        new Checkpoint(commit.vote().block(), Digest.ZERO, Digest.sha256(new byte[0]));
    BlockHeader header = last(headers);
    assertThat(client.check(header, chain.certificate(checkpoint, 1, 3)))
        .isEqualTo(Verdict.valid());
    assertFault(
        client.check(header, chain.certificate(checkpoint, 1)), Verdict.Fault.TOO_FEW_SIGNERS);
    assertFault(
        client.check(headers.get(0), chain.certificate(checkpoint, 1, 3)),
        Verdict.Fault.WRONG_BLOCK);
  }
}
