package org.quorate.node.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;

/** A chain of four validators and some clients with fixed keys, and blocks upon it. */
public final class TestChain {
  /** May write every key. */
  public static final SigningKey ALICE = key(1);

  /** May write keys that begin with "bob/". */
  public static final SigningKey BOB = key(2);

  /** May write every key. */
  public static final SigningKey CAROL = key(3);

  /** Not a client. */
  public static final SigningKey MALLORY = key(4);

  public static final List<SigningKey> VALIDATORS = List.of(key(10), key(11), key(12), key(13));

  private final ChainSpec spec;
  private Block tip;

  public TestChain() {
    this("test", ChainParameters.DEFAULTS);
  }

  public TestChain(String chainId, ChainParameters parameters) {
    List<Validator> validators = new ArrayList<>();
    for (SigningKey key : VALIDATORS) {
      validators.add(new Validator("node" + validators.size(), key.publicKey()));
    }
    this.spec =
        new ChainSpec(
            chainId,
            1_000,
            new ValidatorSet(validators),
            new ClientSet(
                List.of(
                    new Client("alice", ALICE.publicKey(), List.of(ByteString.EMPTY)),
                    new Client("bob", BOB.publicKey(), List.of(ByteString.utf8("bob/"))),
                    new Client("carol", CAROL.publicKey(), List.of(ByteString.EMPTY)))),
            parameters,
            new TreeMap<>());
    this.tip = new Block(spec.chainHash(), spec.genesisHeader(), List.of());
  }

  private static SigningKey key(int seed) {
    byte[] bytes = new byte[SigningKey.SEED_BYTES];
    bytes[0] = (byte) seed;
    return SigningKey.ofSeed(bytes);
  }

  public ChainSpec spec() {
    return spec;
  }

  public Digest chainHash() {
    return spec.chainHash();
  }

  /** A small transaction of {@code key}. */
  public Transaction transaction(SigningKey key, long nonce) {
    return put(key, nonce, "bob/" + nonce, "value");
  }

  /** A transaction of {@code key} that carries {@code bytes} opaque bytes. */
  public Transaction large(SigningKey key, long nonce, int bytes) {
    return Transaction.sign(
        key, chainHash(), nonce, List.of(new Operation.Data(ByteString.of(new byte[bytes]))));
  }

  public Transaction put(SigningKey key, long nonce, String name, String value) {
    return Transaction.sign(
        key,
        chainHash(),
        nonce,
        List.of(new Operation.Put(ByteString.utf8(name), ByteString.utf8(value))));
  }

  /** {@code count} transactions with the nonces from {@code firstNonce} upward. */
  public List<Transaction> transactions(SigningKey key, long firstNonce, int count) {
    List<Transaction> transactions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      transactions.add(transaction(key, firstNonce + i));
    }
    return transactions;
  }

  /** The next block of the chain, with these transactions. */
  public Block extend(List<Transaction> transactions) {
    BlockHeader header =
        new BlockHeader(
            tip.height() + 1,
            tip.hash(),
            0,
            tip.header().timestampMillis() + 1,
            new ReplicaId(0),
            Block.transactionsRoot(transactions),
            transactions.size(),
            spec.validators().hash());
    tip = new Block(chainHash(), header, transactions);
    return tip;
  }
}
