package org.quorate.ledger.chain;

import java.util.Arrays;
import java.util.List;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SigningKey;

/**
 * A client's signed list of operations.
 *
 * <pre>
 * transaction = body fixed[64] signature
 * body        = u8 version(1) fixed[32] chainHash fixed[32] client u64 nonce list(operation)
 * signature   = Ed25519 over "quorate/transaction/v1\0" ‖ chainHash ‖ body
 * hash        = SHA-256("quorate/transaction/v1\0" ‖ chainHash ‖ transaction)
 * </pre>
 *
 * The hash covers the signature, so that nothing in a transaction stands outside the tree of its
 * block. Immutable; bytes and hash are computed once.
 */
public final class Transaction implements Encodable {
  /** The most operations a transaction may have. */
  public static final int OPERATIONS_MAX = 64;

  private static final int VERSION = 1;
  private static final Domain DOMAIN = Domain.of("transaction");

  private final Digest chainHash;
  private final PublicKey client;
  private final long nonce;
  private final List<Operation> operations;
  private final Signature signature;
  private final byte[] bytes;
  private final Digest hash;

  /**
   * A transaction with a signature made elsewhere, which is not checked here.
   *
   * @param nonce 1 to 2^63−1
   * @param operations 1 to {@value #OPERATIONS_MAX}
   */
  public Transaction(
      Digest chainHash,
      PublicKey client,
      long nonce,
      List<Operation> operations,
      Signature signature) {
    if (nonce < 1) {
      throw new IllegalArgumentException("a nonce is at least 1");
    }
    if (operations.isEmpty() || operations.size() > OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a transaction has 1 to " + OPERATIONS_MAX + " operations, not " + operations.size());
    }
    this.chainHash = chainHash;
    this.client = client;
    this.nonce = nonce;
    this.operations = List.copyOf(operations);
    this.signature = signature;
    this.bytes = body(chainHash, client, nonce, this.operations).fixed(signature.bytes()).toBytes();
    this.hash = hash(chainHash, bytes);
  }

  /** Makes and signs a transaction. */
  public static Transaction sign(
      SigningKey key, Digest chainHash, long nonce, List<Operation> operations) {
    byte[] body = body(chainHash, key.publicKey(), nonce, operations).toBytes();
    return new Transaction(
        chainHash, key.publicKey(), nonce, operations, key.sign(DOMAIN.frame(chainHash, body)));
  }

  private static Encoder body(
      Digest chainHash, PublicKey client, long nonce, List<Operation> operations) {
    return new Encoder()
        .u8(VERSION)
        .fixed(chainHash.bytes())
        .fixed(client.bytes())
        .u64(nonce)
        .list(operations);
  }

  /** The chain it was signed for. */
  public Digest chainHash() {
    return chainHash;
  }

  /** The key of the client that signed it. */
  public PublicKey client() {
    return client;
  }

  /** The client's number for it, which no other of its transactions may bear. */
  public long nonce() {
    return nonce;
  }

  /** What it does. */
  public List<Operation> operations() {
    return operations;
  }

  /** The client's signature. */
  public Signature signature() {
    return signature;
  }

  /** The bytes under the signature, for the chain it names. */
  public byte[] signedBytes() {
    return DOMAIN.frame(chainHash, Arrays.copyOf(bytes, bytes.length - Signature.BYTES));
  }

  /** Its name in the chain. */
  public Digest hash() {
    return hash;
  }

  /** Number of its canonical bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public void encode(Encoder out) {
    out.fixed(bytes);
  }

  /** Reads what {@link #encode} writes. */
  public static Transaction decode(Decoder in) throws MalformedException {
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException(
          "transaction version " + version + " is not known, only " + VERSION);
    }
    return new Transaction(
        Digest.of(in.fixed(Digest.BYTES)),
        PublicKey.of(in.fixed(PublicKey.BYTES)),
        in.u64(),
        in.list(OPERATIONS_MAX, Operation::decode),
        Signature.of(in.fixed(Signature.BYTES)));
  }

  /** The hash of the transaction whose canonical bytes these are, if they are any's. */
  public static Digest hash(Digest chainHash, byte[] encoded) {
    return DOMAIN.hash(chainHash, encoded);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Transaction transaction && hash.equals(transaction.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "transaction " + hash;
  }
}
