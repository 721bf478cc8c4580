package org.quorate.cli.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.quorate.ledger.Applied;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.store.MemoryStore;

/**
 * A real chain without a network: whoever holds all four validators' keys, as a test does, can make
 * blocks, certificates and proofs that are as good as those of a network. Each transaction is a
 * block.
 */
public final class StubChain {
  private static final long GENESIS_MILLIS = 1_700_000_000_000L;

  private final List<SigningKey> validators;
  private final ChainSpec spec;
  private final Ledger ledger;
  private long view;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Learns of each block, on the thread that executed it. */
  public interface Listener {
    void executed(Applied block);
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  /** A chain of four validators, node0 to node3, whose keys follow from {@code seed}. */
  public StubChain(int seed, List<String> clientNames) {
    List<SigningKey> keys = new ArrayList<>();
    List<Validator> members = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      keys.add(key("validator", seed * 100 + i));
      members.add(new Validator("node" + i, keys.get(i).publicKey()));
    }
    List<Client> clients = new ArrayList<>();
    for (String name : clientNames) {
      clients.add(
          new Client(name, clientKey(name).publicKey(), List.of(ByteString.utf8(name + "/"))));
    }
    this.validators = List.copyOf(keys);
    this.spec =
        new ChainSpec(
            "stub-" + seed,
            GENESIS_MILLIS,
            new ValidatorSet(members),
            new ClientSet(clients),
            ChainParameters.DEFAULTS,
            new TreeMap<>());
    try {
      this.ledger = Ledger.open(new MemoryStore(), spec);
      ledger.holdProvenState();
    } catch (LedgerException e) {
      throw new AssertionError(e);
    }
  }

  private static SigningKey key(String name, int number) {
    return SigningKey.ofSeed(
        Digest.sha256((name + number).getBytes(StandardCharsets.UTF_8)).bytes());
  }

  /** The key of a client, which follows from its name. */
  public static SigningKey clientKey(String name) {
    return key("client " + name, 0);
  }

  /** The view of the blocks that are executed from now on; 0 at first. */
  public void enterView(long next) {
    view = next;
  }

  public ChainSpec spec() {
    return spec;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Executes a transaction in a block of its own, unless it stands in the chain already. */
  public void execute(Transaction transaction) {
    execute(List.of(transaction));
  }

  /** Executes those of the transactions that are new, in one block. */
  public synchronized void execute(List<Transaction> given) {
    List<Transaction> transactions =
        given.stream().filter(one -> ledger.transaction(one.hash()).isEmpty()).toList();
    if (transactions.isEmpty()) {
      return;
    }
    BlockHeader parent = ledger.tipHeader();
    BlockHeader header =
        new BlockHeader(
            parent.height() + 1,
            parent.hash(spec.chainHash()),
            view,
            parent.timestampMillis() + 1,
            new ReplicaId(0),
            Block.transactionsRoot(transactions),
            transactions.size(),
            spec.validators().hash());
    Block block = new Block(spec.chainHash(), header, transactions);
    Vote vote = new Vote(Phase.COMMIT, view, block.id());
    Applied applied =
        ledger.apply(new CommittedBlock(block, new QuorumCertificate(vote, signed(vote, 0, 1, 2))));
    ledger.putCheckpointCertificate(certificate(applied.checkpoint(), 0, 1));
    listeners.forEach(listener -> listener.executed(applied));
  }

  /** One validator's signature over a statement, with it. */
  public SignedStatement statement(int signer, Statement statement) {
    return new SignedStatement(
        new ReplicaId(signer),
        validators.get(signer).sign(statement.signedBytes(spec.chainHash())),
        statement);
  }

  /** The validators' signatures over a statement. */
  public SignatureSet signed(Statement statement, int... signers) {
    Map<ReplicaId, Signature> signatures = new TreeMap<>();
    for (int signer : signers) {
      signatures.put(
          new ReplicaId(signer),
          validators.get(signer).sign(statement.signedBytes(spec.chainHash())));
    }
    return new SignatureSet(signatures);
  }

  /** These validators' word on a result, be it what came of the block or not. */
  public CheckpointCertificate certificate(Checkpoint checkpoint, int... signers) {
    return new CheckpointCertificate(checkpoint, signed(checkpoint, signers));
  }

  /** A proof whose receipts root only one validator vouches for. */
  public TransactionProof underSigned(TransactionProof proof) {
    Checkpoint checkpoint = proof.checkpointCertificate().checkpoint();
    return new TransactionProof(
        proof.chainHash(),
        proof.header(),
        proof.commit(),
        proof.transaction(),
        proof.index(),
        proof.transactionPath(),
        proof.receipt(),
        proof.receiptPath(),
        certificate(checkpoint, 3));
  }

  public Optional<TransactionProof> proof(Digest hash) {
    return ledger.proof(hash);
  }
}
