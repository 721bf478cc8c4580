package org.quorate.ledger;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.NewViewStatement.SignedViewChange;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.ViewChangeStatement;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.snapshot.Manifest;
import org.quorate.ledger.state.Subtree;
import org.quorate.ledger.store.MemoryStore;

/** One value of every type that has an encoding, all of one small chain: that of FORMAT.md. */
public final class Samples {
  public final TestChain chain = new TestChain();
  public final Transaction first =
      chain.transaction(
          TestChain.ALICE,
          7,
          new Operation.Require(utf8("total"), Optional.of(utf8("100"))),
          new Operation.Require(utf8("absent"), Optional.empty()),
          new Operation.Put(utf8("k"), utf8("v")),
          new Operation.Delete(utf8("greeting")),
          new Operation.Add(utf8("total"), -30),
          new Operation.Data(utf8("note")));
  public final Transaction second =
      chain.transaction(TestChain.BOB, 1, new Operation.Add(utf8("bob/x"), -1));
  public final Transaction third =
      chain.transaction(TestChain.BOB, 2, new Operation.Put(utf8("bob/y"), ByteString.EMPTY));
  public final Checkpoint genesisCheckpoint;
  public final CommittedBlock committed;
  public final Applied applied;
  public final CheckpointCertificate certificate;
  public final TransactionProof proof;

  /** Of k, and of ab, which is absent. */
  public final StateProof stateProof;

  public final MemoryStore store = new MemoryStore();

  public Samples() throws LedgerException {
    Ledger ledger = Ledger.open(store, chain.spec());
    ledger.holdProvenState();
    genesisCheckpoint = ledger.checkpoint();
    committed = chain.next(ledger, first, second, third);
    applied = ledger.apply(committed);
    certificate = chain.certificate(applied.checkpoint(), 1, 3);
    ledger.putCheckpointCertificate(certificate);
    proof = ledger.proof(second.hash()).orElseThrow();
    stateProof = ledger.proof(new TreeSet<>(List.of(utf8("ab"), utf8("k")))).orElseThrow();
  }

  /** A value and how it is read. */
  public record Sample(Encodable value, Decoder.Reader<? extends Encodable> reader) {}

  /** The samples by the names of FORMAT.md. */
  public Map<String, Sample> all() {
    Vote prepare = new Vote(Phase.PREPARE, 3, committed.block().id());
    Map<String, Sample> samples = new LinkedHashMap<>();
    samples.put("validators", new Sample(chain.spec().validators(), ValidatorSet::decode));
    samples.put("clients", new Sample(chain.spec().clients(), ClientSet::decode));
    samples.put("parameters", new Sample(chain.spec().parameters(), ChainParameters::decode));
    samples.put("transaction", new Sample(first, Transaction::decode));
    samples.put("transaction-2", new Sample(second, Transaction::decode));
    samples.put("transaction-3", new Sample(third, Transaction::decode));
    for (int i = 0; i < first.operations().size(); i++) {
      samples.put("operation-" + i, new Sample(first.operations().get(i), Operation::decode));
    }
    samples.put("genesis-header", new Sample(chain.spec().genesisHeader(), BlockHeader::decode));
    samples.put("header", new Sample(committed.block().header(), BlockHeader::decode));
    samples.put("block-id", new Sample(committed.block().id(), BlockId::decode));
    samples.put("block", new Sample(committed.block(), Block::decode));
    samples.put("prepare-vote", new Sample(prepare, Vote::decode));
    samples.put("commit-vote", new Sample(committed.commit().vote(), Vote::decode));
    samples.put("signatures", new Sample(certificate.signatures(), SignatureSet::decode));
    samples.put("commit-certificate", new Sample(committed.commit(), QuorumCertificate::decode));
    samples.put("committed-block", new Sample(committed, CommittedBlock::decode));
    samples.put(
        "committed-header",
        new Sample(
            new CommittedHeader(committed.block().header(), committed.commit()),
            CommittedHeader::decode));
    samples.put("receipt", new Sample(applied.receipts().get(0), Receipt::decode));
    samples.put("receipt-2", new Sample(applied.receipts().get(1), Receipt::decode));
    samples.put("receipt-3", new Sample(applied.receipts().get(2), Receipt::decode));
    samples.put("checkpoint", new Sample(applied.checkpoint(), Checkpoint::decode));
    samples.put("checkpoint-certificate", new Sample(certificate, CheckpointCertificate::decode));
    samples.put("view-change", new Sample(viewChange(), ViewChangeStatement::decode));
    samples.put("new-view", new Sample(newView(), NewViewStatement::decode));
    samples.put("signed-prepare", new Sample(chain.sign(2, prepare), SignedStatement::decode));
    samples.put(
        "signed-checkpoint",
        new Sample(chain.sign(1, applied.checkpoint()), SignedStatement::decode));
    samples.put(
        "signed-view-change", new Sample(chain.sign(3, viewChange()), SignedStatement::decode));
    samples.put("signed-new-view", new Sample(chain.sign(1, newView()), SignedStatement::decode));
    samples.put(
        "replay-window",
        new Sample(ReplayWindow.EMPTY.with(1).with(70).with(65), ReplayWindow::decode));
    samples.put(
        "transaction-record",
        new Sample(
            new TransactionRecord(1, 1, applied.receipts().get(1)), TransactionRecord::decode));
    samples.put("tip", new Sample(new TipRecord(chain.spec().chainHash(), 1), TipRecord::decode));
    samples.put("kept", new Sample(new KeptRecord(7, 9), KeptRecord::decode));
    samples.put("snapshot-manifest", new Sample(manifest(), Manifest::decode));
    return samples;
  }

  private Manifest manifest() {
    return new Manifest(
        chain.spec().chainHash(),
        new CommittedHeader(committed.block().header(), committed.commit()),
        chain.certificate(applied.checkpoint(), 0, 2, 3),
        List.of(new Subtree(Digest.ZERO, 0, applied.checkpoint().stateRoot())));
  }

  private ViewChangeStatement viewChange() {
    Vote prepared = new Vote(Phase.PREPARE, 0, committed.block().id());
    return new ViewChangeStatement(
        1,
        Optional.of(chain.certificate(applied.checkpoint(), 0, 1, 2)),
        Optional.of(new QuorumCertificate(prepared, chain.signed(prepared, 1, 2, 3))));
  }

  private NewViewStatement newView() {
    ViewChangeStatement without = new ViewChangeStatement(1, Optional.empty(), Optional.empty());
    SignedStatement first = chain.sign(0, without);
    SignedStatement second = chain.sign(3, viewChange());
    return new NewViewStatement(
        1,
        List.of(
            new SignedViewChange(first.signer(), first.signature(), without),
            new SignedViewChange(second.signer(), second.signature(), viewChange())));
  }

  /** Validator 2 votes for two blocks of height 1 in view 3. */
  public Contradiction contradiction() {
    BlockId other = new BlockId(1, chain.spec().genesisBlock().hash());
    return Contradiction.of(
        chain.spec().chainHash(),
        chain.sign(2, new Vote(Phase.PREPARE, 3, committed.block().id())),
        chain.sign(2, new Vote(Phase.PREPARE, 3, other)));
  }

  /** Validator 1 signs two results of block 1: the right one with 3, another with 0. */
  public Divergence divergence() {
    Checkpoint right = applied.checkpoint();
    Checkpoint unchanged =
        new Checkpoint(right.block(), right.receiptsRoot(), genesisCheckpoint.stateRoot());
    return Divergence.of(chain.spec().chainHash(), certificate, chain.certificate(unchanged, 0, 1));
  }

  /** Names of the samples, for tests with parameters. */
  public static List<String> names() throws LedgerException {
    return List.copyOf(new Samples().all().keySet());
  }

  private static ByteString utf8(String text) {
    return ByteString.utf8(text);
  }
}
