package org.quorate.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.Samples;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;

final class LightClientTest {
  private final Samples samples;
  private final TestChain chain;
  private final LightClient client;
  private final TransactionProof good;

  LightClientTest() throws LedgerException {
    samples = new Samples();
    chain = samples.chain;
    client = new LightClient(chain.spec(), SignatureVerifier.ED25519);
    good = samples.proof;
  }

  @Test
  void proofOfTheLedgerIsValid() {
    assertThat(client.check(good)).isEqualTo(Verdict.valid());
  }

  @Test
  void proofOfAnotherChainIsRefused() {
    LightClient foreign = new LightClient(new TestChain(7).spec(), SignatureVerifier.ED25519);
    assertFault(foreign.check(good), Verdict.Fault.WRONG_CHAIN);
    assertFault(
        foreign.check(
            new TransactionProof(
                new TestChain(7).spec().chainHash(),
                good.header(),
                good.commit(),
                good.transaction(),
                good.index(),
                good.transactionPath(),
                good.receipt(),
                good.receiptPath(),
                good.checkpointCertificate())),
        Verdict.Fault.WRONG_VALIDATOR_SET);
  }

  /** Of four validators, three make a block final. */
  @Test
  void commitOfLessThanAQuorumIsRefused() {
    Vote vote = good.commit().vote();
    QuorumCertificate few = new QuorumCertificate(vote, chain.signed(vote, 0, 3));
    assertFault(client.check(with(good.header(), few)), Verdict.Fault.TOO_FEW_SIGNERS);
  }

  @Test
  void preparedCertificateDoesNotMakeABlockFinal() {
    Vote vote = new Vote(Phase.PREPARE, 0, good.commit().vote().block());
    QuorumCertificate prepared = new QuorumCertificate(vote, chain.signed(vote, 0, 1, 2, 3));
    assertFault(client.check(with(good.header(), prepared)), Verdict.Fault.WRONG_PHASE);
  }

  @Test
  void commitOfAnotherBlockIsRefused() {
    Block other = chain.block(good.header(), List.of());
    assertFault(
        client.check(with(good.header(), chain.commit(other).commit())), Verdict.Fault.WRONG_BLOCK);
    assertFault(client.check(with(other.header(), good.commit())), Verdict.Fault.WRONG_BLOCK);
  }

  /** Four entries, of which two are by one validator in the other's name. */
  @Test
  void oneValidatorCannotSignForAnother() {
    Vote vote = good.commit().vote();
    var signatures = new TreeMap<>(chain.signed(vote, 0, 1).signatures());
    signatures.put(new ReplicaId(2), chain.signed(vote, 1).signatures().get(new ReplicaId(1)));
    QuorumCertificate forged = new QuorumCertificate(vote, new SignatureSet(signatures));
    assertFault(client.check(with(good.header(), forged)), Verdict.Fault.BAD_SIGNATURE);
    signatures.put(new ReplicaId(2), chain.signed(vote, 2).signatures().get(new ReplicaId(2)));
    signatures.put(new ReplicaId(4), chain.signed(vote, 2).signatures().get(new ReplicaId(2)));
    QuorumCertificate foreign = new QuorumCertificate(vote, new SignatureSet(signatures));
    assertFault(client.check(with(good.header(), foreign)), Verdict.Fault.FOREIGN_SIGNER);
  }

  @Test
  void transactionOfAnotherPlaceOrBlockIsRefused() {
    TransactionProof moved =
        new TransactionProof(
            good.chainHash(),
            good.header(),
            good.commit(),
            good.transaction(),
            0,
            good.transactionPath(),
            good.receipt(),
            good.receiptPath(),
            good.checkpointCertificate());
    assertFault(client.check(moved), Verdict.Fault.NOT_INCLUDED);
    assertFault(
        client.check(with(samples.first, good.receipt(), good.checkpointCertificate())),
        Verdict.Fault.NOT_INCLUDED);
  }

  /** A quorum that orders what the genesis forbids is not to be believed about it. */
  @Test
  void orderedTransactionThatTheGenesisForbidsIsRefused() throws LedgerException {
    Transaction forbidden =
        chain.transaction(
            TestChain.BOB, 1, new Operation.Put(ByteString.utf8("alice/x"), ByteString.EMPTY));
    CommittedBlock committed =
        chain.commit(chain.block(chain.spec().genesisHeader(), List.of(forbidden)));
    List<Receipt> receipts = List.of(new Receipt(forbidden.hash(), Receipt.Outcome.EXECUTED, 0));
    Checkpoint checkpoint =
        new Checkpoint(committed.block().id(), Receipt.root(receipts), Digest.ZERO);
    TransactionProof proof =
        TransactionProof.of(committed, 0, receipts, chain.certificate(checkpoint, 0, 1));
    assertFault(client.check(proof), Verdict.Fault.FORBIDDEN_TRANSACTION);
  }

  /** Of four validators, two prove a result: one of them is correct. */
  @ParameterizedTest
  @CsvSource({"0, TOO_FEW_SIGNERS", "1, TOO_FEW_SIGNERS"})
  void checkpointOfLessThanAWeakQuorumIsRefused(int signers, Verdict.Fault fault) {
    Checkpoint checkpoint = good.checkpointCertificate().checkpoint();
    CheckpointCertificate few =
        signers == 0 ? chain.certificate(checkpoint) : chain.certificate(checkpoint, 2);
    assertFault(client.check(with(good.transaction(), good.receipt(), few)), fault);
  }

  @Test
  void checkpointOfAnotherBlockIsRefused() {
    Checkpoint own = good.checkpointCertificate().checkpoint();
    Checkpoint other =
        new Checkpoint(chain.spec().genesisBlock(), own.receiptsRoot(), own.stateRoot());
    CheckpointCertificate certificate = chain.certificate(other, 0, 1, 2);
    assertFault(
        client.check(with(good.transaction(), good.receipt(), certificate)),
        Verdict.Fault.WRONG_BLOCK);
  }

  @Test
  void receiptThatIsNotTheOneProvenIsRefused() {
    Receipt better = new Receipt(good.transaction().hash(), Receipt.Outcome.EXECUTED, 0);
    assertThat(better).isNotEqualTo(good.receipt());
    assertFault(
        client.check(with(good.transaction(), better, good.checkpointCertificate())),
        Verdict.Fault.WRONG_RECEIPT);
    Receipt others = samples.applied.receipts().get(0);
    assertFault(
        client.check(with(good.transaction(), others, good.checkpointCertificate())),
        Verdict.Fault.WRONG_RECEIPT);
  }

  @Test
  void noBitOfAnyPartCanChange() {
    assertEveryBitCounts(good.header(), BlockHeader::decode, v -> with(v, good.commit()));
    assertEveryBitCounts(good.commit(), QuorumCertificate::decode, v -> with(good.header(), v));
    assertEveryBitCounts(
        good.transaction(),
        Transaction::decode,
        v -> with(v, good.receipt(), good.checkpointCertificate()));
    assertEveryBitCounts(
        good.receipt(),
        Receipt::decode,
        v -> with(good.transaction(), v, good.checkpointCertificate()));
    assertEveryBitCounts(
        good.checkpointCertificate(),
        CheckpointCertificate::decode,
        v -> with(good.transaction(), good.receipt(), v));
  }

  private interface Part<T> {
    TransactionProof in(T value);
  }

  private <T extends Encodable> void assertEveryBitCounts(
      T value, Decoder.Reader<T> reader, Part<T> part) {
    byte[] bytes = value.encoded();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(isValid(changed, reader, part)).as("bit %d of %s", bit, value).isFalse();
    }
    assertThat(isValid(bytes, reader, part)).isTrue();
  }

  private <T> boolean isValid(byte[] bytes, Decoder.Reader<T> reader, Part<T> part) {
    try {
      return client.check(part.in(Decoder.decode(bytes, reader))).isValid();
    } catch (MalformedException e) {
      return false;
    }
  }

  private TransactionProof with(BlockHeader header, QuorumCertificate commit) {
    return new TransactionProof(
        good.chainHash(),
        header,
        commit,
        good.transaction(),
        good.index(),
        good.transactionPath(),
        good.receipt(),
        good.receiptPath(),
        good.checkpointCertificate());
  }

  private TransactionProof with(
      Transaction transaction, Receipt receipt, CheckpointCertificate certificate) {
    return new TransactionProof(
        good.chainHash(),
        good.header(),
        good.commit(),
        transaction,
        good.index(),
        good.transactionPath(),
        receipt,
        good.receiptPath(),
        certificate);
  }

  private static void assertFault(Verdict verdict, Verdict.Fault fault) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Invalid.class, invalid -> assertThat(invalid.fault()).isEqualTo(fault));
  }
}
