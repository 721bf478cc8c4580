package org.quorate.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.StatePath;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.snapshot.Manifest;

/**
 * Every decoder, on any bytes: a value whose encoding is those bytes, or a MalformedException.
 * {@code mvn verify} replays the stored inputs; {@code JAZZER_FUZZ=1 mvn test -pl ledger
 * -Dtest=DecoderFuzzTest#transaction} looks for new ones.
 */
final class DecoderFuzzTest {
  @FuzzTest
  void transaction(byte[] data) {
    check(data, Transaction::decode);
  }

  @FuzzTest
  void operation(byte[] data) {
    check(data, Operation::decode);
  }

  @FuzzTest
  void header(byte[] data) {
    check(data, BlockHeader::decode);
  }

  @FuzzTest
  void blockId(byte[] data) {
    check(data, BlockId::decode);
  }

  @FuzzTest
  void block(byte[] data) {
    check(data, Block::decode);
  }

  @FuzzTest
  void committedBlock(byte[] data) {
    check(data, CommittedBlock::decode);
  }

  @FuzzTest
  void vote(byte[] data) {
    check(data, Vote::decode);
  }

  @FuzzTest
  void signatures(byte[] data) {
    check(data, SignatureSet::decode);
  }

  @FuzzTest
  void commitCertificate(byte[] data) {
    check(data, QuorumCertificate::decode);
  }

  @FuzzTest
  void receipt(byte[] data) {
    check(data, Receipt::decode);
  }

  @FuzzTest
  void checkpoint(byte[] data) {
    check(data, Checkpoint::decode);
  }

  @FuzzTest
  void checkpointCertificate(byte[] data) {
    check(data, CheckpointCertificate::decode);
  }

  @FuzzTest
  void replayWindow(byte[] data) {
    check(data, ReplayWindow::decode);
  }

  @FuzzTest
  void validators(byte[] data) {
    check(data, ValidatorSet::decode);
  }

  @FuzzTest
  void clients(byte[] data) {
    check(data, ClientSet::decode);
  }

  @FuzzTest
  void parameters(byte[] data) {
    check(data, ChainParameters::decode);
  }

  @FuzzTest
  void transactionRecord(byte[] data) {
    check(data, TransactionRecord::decode);
  }

  @FuzzTest
  void kept(byte[] data) {
    check(data, KeptRecord::decode);
  }

  @FuzzTest
  void snapshotManifest(byte[] data) {
    check(data, Manifest::decode);
  }

  @FuzzTest
  void committedHeader(byte[] data) {
    check(data, CommittedHeader::decode);
  }

  @FuzzTest
  void tip(byte[] data) {
    check(data, TipRecord::decode);
  }

  /** JSON has many forms; what is read must come back as the same proof. */
  @FuzzTest
  void proofJson(byte[] data) throws MalformedException {
    TransactionProof proof;
    try {
      proof = ProofJson.read(data);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(ProofJson.read(ProofJson.write(proof))).isEqualTo(proof);
  }

  @FuzzTest
  void stateProofJson(byte[] data) throws MalformedException {
    StateProof proof;
    try {
      proof = StateProofJson.read(data);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(StateProofJson.read(StateProofJson.write(proof))).isEqualTo(proof);
  }

  /** Of whatever bytes, for two keys: what is no state path is malformed, and nothing else. */
  @FuzzTest
  void statePath(byte[] data) {
    TreeMap<Digest, Optional<Digest>> values = new TreeMap<>();
    values.put(Digest.sha256(), Optional.of(Digest.ZERO));
    values.put(Digest.ZERO, Optional.empty());
    try {
      assertThat(StatePath.root(ByteString.of(data), values)).isNotNull();
    } catch (MalformedException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  @FuzzTest
  void signedStatement(byte[] data) {
    check(data, SignedStatement::decode);
  }

  @FuzzTest
  void evidenceJson(byte[] data) throws MalformedException {
    FaultProof proof;
    try {
      proof = EvidenceJson.read(data);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(EvidenceJson.read(EvidenceJson.write(proof))).isEqualTo(proof);
  }

  private static void check(byte[] data, Decoder.Reader<? extends Encodable> reader) {
    EncodingTest.assertCanonicalOrRefused(data, reader);
  }
}
