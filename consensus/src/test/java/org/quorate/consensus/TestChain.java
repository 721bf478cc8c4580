package org.quorate.consensus;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.quorate.consensus.message.MessageAuthenticator;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
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
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;

/**
 * A small chain for tests, and everything its members can make: blocks, votes and certificates. Its
 * signatures are simulated, so that thousands of replicas a second can be run: a signature is the
 * hash of the public key and the message, twice. Anyone could forge one, and no test does.
 */
public final class TestChain {
  /** Small limits, so that tests reach them. */
  public static final ChainParameters PARAMETERS =
      new ChainParameters(4, 4_096, 1_024, 8, 20, 200, 500, 0);

  /** The time of the genesis block. */
  public static final long GENESIS_MILLIS = 1_700_000_000_000L;

  /** Accepts what {@link #sign} makes. */
  public static final SignatureVerifier VERIFIER =
      (key, message, signature) -> sign(key, message).equals(signature);

  private static final List<String> CLIENTS = List.of("alice", "bob", "carol");

  private final ChainSpec spec;
  private final TransactionRules rules;

  /** A chain of {@code n} validators. */
  public TestChain(int n) {
    this(n, PARAMETERS);
  }

  /** A chain of {@code n} validators with parameters of its own. */
  public TestChain(int n, ChainParameters parameters) {
    this.spec =
        new ChainSpec(
            "test",
            GENESIS_MILLIS,
            new ValidatorSet(
                IntStream.range(0, n)
                    .mapToObj(i -> new Validator("validator-" + i, key("validator-" + i)))
                    .toList()),
            new ClientSet(
                CLIENTS.stream()
                    .map(name -> new Client(name, key(name), List.of(ByteString.EMPTY)))
                    .toList()),
            parameters,
            new TreeMap<>());
    this.rules = new TransactionRules(spec, VERIFIER);
  }

  private static PublicKey key(String name) {
    return PublicKey.of(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  /** A simulated signature. */
  public static Signature sign(PublicKey key, byte[] message) {
    byte[] hash = Digest.sha256(key.bytes(), message).bytes();
    byte[] signature = new byte[Signature.BYTES];
    System.arraycopy(hash, 0, signature, 0, hash.length);
    System.arraycopy(hash, 0, signature, hash.length, hash.length);
    return Signature.of(signature);
  }

  /** What its members agreed on. */
  public ChainSpec spec() {
    return spec;
  }

  /** The size of a quorum. */
  public int quorum() {
    return spec.validators().quorum().quorum();
  }

  /** The key of a replica. */
  public PublicKey key(ReplicaId replica) {
    return spec.validators().validator(replica).publicKey();
  }

  /** Signs and checks as the replica does. */
  public MessageAuthenticator authenticator(ReplicaId replica) {
    PublicKey key = key(replica);
    return new MessageAuthenticator(
        replica,
        message -> sign(key, message),
        spec,
        VERIFIER,
        block -> block.transactions().stream().allMatch(t -> rules.check(t).isEmpty()));
  }

  /** The transaction {@code nonce} of a client, 0 to 2; its content is different for every text. */
  public Transaction transaction(int client, long nonce, String text) {
    return transaction(
        client,
        nonce,
        List.of(new Operation.Put(ByteString.utf8("key-" + client), ByteString.utf8(text))));
  }

  /** The transaction {@code nonce} of a client, 0 to 2, that does this. */
  public Transaction transaction(int client, long nonce, List<Operation> operations) {
    PublicKey key = spec.clients().clients().get(client).publicKey();
    Transaction unsigned =
        new Transaction(
            spec.chainHash(), key, nonce, operations, Signature.of(new byte[Signature.BYTES]));
    return new Transaction(
        spec.chainHash(), key, nonce, operations, sign(key, unsigned.signedBytes()));
  }

  /** The transaction {@code nonce} of the first client. */
  public Transaction transaction(long nonce) {
    return transaction(0, nonce, "value");
  }

  /** What the primary of {@code view} may propose on top of {@code parent}, one second later. */
  public Block block(long view, BlockHeader parent, Transaction... transactions) {
    return block(view, parent, parent.timestampMillis() + 1, List.of(transactions));
  }

  /** As above, at a given time. */
  public Block block(
      long view, BlockHeader parent, long timestampMillis, List<Transaction> transactions) {
    return new Block(
        spec.chainHash(),
        new BlockHeader(
            parent.height() + 1,
            parent.hash(spec.chainHash()),
            view,
            timestampMillis,
            spec.validators().primary(view),
            Block.transactionsRoot(transactions),
            transactions.size(),
            spec.validators().hash()),
        transactions);
  }

  /** A certificate of {@code signers} for what they prepared. */
  public QuorumCertificate prepared(long view, BlockId block, int... signers) {
    Vote vote = new Vote(Phase.PREPARE, view, block);
    return new QuorumCertificate(vote, signatures(vote, signers));
  }

  /** A block with a commit certificate of {@code signers}. */
  public CommittedBlock committed(long view, Block block, int... signers) {
    Vote vote = new Vote(Phase.COMMIT, view, block.id());
    return new CommittedBlock(block, new QuorumCertificate(vote, signatures(vote, signers)));
  }

  /** A certificate of {@code signers} for a result. */
  public CheckpointCertificate certified(Checkpoint checkpoint, int... signers) {
    return new CheckpointCertificate(checkpoint, signatures(checkpoint, signers));
  }

  private SignatureSet signatures(Statement statement, int... signers) {
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    byte[] bytes = statement.signedBytes(spec.chainHash());
    for (int signer : signers) {
      ReplicaId replica = new ReplicaId(signer);
      signatures.put(replica, sign(key(replica), bytes));
    }
    return new SignatureSet(signatures);
  }

  /** The result of executing {@code block} after a state of root {@code before}. */
  public Checkpoint execute(Digest before, Block block) {
    Digest receipts =
        Receipt.root(
            block.transactions().stream()
                .map(t -> new Receipt(t.hash(), Receipt.Outcome.EXECUTED, 0))
                .toList());
    return new Checkpoint(
        block.id(),
        receipts,
        Digest.sha256(before.bytes(), receipts.bytes(), block.hash().bytes()));
  }
}
