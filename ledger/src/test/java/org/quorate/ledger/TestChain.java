package org.quorate.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
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
import org.quorate.ledger.proof.Vote;

/**
 * A chain whose every key is known: four validators, of which three are a quorum and two a weak
 * one, and the clients alice (who may write everything) and bob (who may write {@code bob/}).
 * Validator i has the seed of 32 bytes i+1, alice that of 0xa1, bob that of 0xb0.
 */
public final class TestChain {
  public static final long GENESIS_TIME_MILLIS = 1_750_000_000_000L;
  public static final SigningKey ALICE = key(0xa1);
  public static final SigningKey BOB = key(0xb0);

  private final List<SigningKey> validators = new ArrayList<>();
  private final ChainSpec spec;

  public TestChain() {
    this(4);
  }

  public TestChain(int n) {
    List<Validator> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      validators.add(key(i + 1));
      members.add(new Validator("validator-" + i, validators.get(i).publicKey()));
    }
    ClientSet clients =
        new ClientSet(
            List.of(
                new Client("alice", ALICE.publicKey(), List.of(ByteString.EMPTY)),
                new Client("bob", BOB.publicKey(), List.of(ByteString.utf8("bob/")))));
    SortedMap<ByteString, ByteString> appState = new TreeMap<>();
    appState.put(ByteString.utf8("greeting"), ByteString.utf8("hello"));
    appState.put(ByteString.utf8("total"), ByteString.utf8("100"));
    this.spec =
        new ChainSpec(
            "test-chain",
            GENESIS_TIME_MILLIS,
            new ValidatorSet(members),
            clients,
            ChainParameters.DEFAULTS,
            appState);
  }

  public static SigningKey key(int value) {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    Arrays.fill(seed, (byte) value);
    return SigningKey.ofSeed(seed);
  }

  public ChainSpec spec() {
    return spec;
  }

  public Transaction transaction(SigningKey client, long nonce, Operation... operations) {
    return Transaction.sign(client, spec.chainHash(), nonce, List.of(operations));
  }

  /** A put by alice. */
  public Transaction put(long nonce, String key, String value) {
    return transaction(
        ALICE, nonce, new Operation.Put(ByteString.utf8(key), ByteString.utf8(value)));
  }

  /** The block after {@code parent}, a second later. */
  public Block block(BlockHeader parent, List<Transaction> transactions) {
    BlockHeader header =
        new BlockHeader(
            parent.height() + 1,
            parent.hash(spec.chainHash()),
            0,
            parent.timestampMillis() + 1_000,
            new ReplicaId(0),
            Block.transactionsRoot(transactions),
            transactions.size(),
            spec.validators().hash());
    return new Block(spec.chainHash(), header, transactions);
  }

  /** The block after the tip of {@code ledger}, with a quorum's certificate. */
  public CommittedBlock next(Ledger ledger, Transaction... transactions) {
    return commit(block(ledger.tipHeader(), List.of(transactions)));
  }

  public CommittedBlock commit(Block block) {
    Vote vote = new Vote(Phase.COMMIT, 0, block.id());
    return new CommittedBlock(block, new QuorumCertificate(vote, signed(vote, 0, 1, 2)));
  }

  public CheckpointCertificate certificate(Checkpoint checkpoint, int... signers) {
    return new CheckpointCertificate(checkpoint, signed(checkpoint, signers));
  }

  public SignedStatement sign(int signer, Statement statement) {
    return new SignedStatement(
        new ReplicaId(signer),
        validators.get(signer).sign(statement.signedBytes(spec.chainHash())),
        statement);
  }

  public SignatureSet signed(Statement statement, int... signers) {
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    for (int signer : signers) {
      signatures.put(
          new ReplicaId(signer),
          validators.get(signer).sign(statement.signedBytes(spec.chainHash())));
    }
    return new SignatureSet(signatures);
  }
}
