package org.quorate.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.quorate.cli.client.NonceFile;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;

/**
 * A client of the genesis file as a source of transactions, each of exactly {@value
 * #TRANSACTION_BYTES} canonical bytes: one Put to one of {@value #KEYS} keys. Signs ahead; what is
 * asked for beyond that, on the spot. Owned by one thread at a time.
 */
public final class LoadClient {
  /** The size of every transaction. */
  public static final int TRANSACTION_BYTES = 200;

  /** How many keys a client writes, in turn. */
  public static final int KEYS = 10_000;

  private static final int NONCES_PER_RESERVATION = 10_000;

  private final ChainSpec chain;
  private final SigningKey key;
  private final NonceFile nonces;
  private final String prefix;
  private final int freeBytes;
  private final ArrayDeque<Signed> ahead = new ArrayDeque<>();
  private long nextNonce;
  private long noncesEnd;
  private long signedLate;

  /**
   * @param member the client's entry in the genesis file
   * @param nonces the counter of its key
   * @param highestNonce the highest nonce that the network knows of the client
   * @throws IOException if the counter cannot be written
   * @throws IllegalArgumentException if the client may write nothing, or only keys that do not fit
   */
  public LoadClient(
      ChainSpec chain, Client member, SigningKey key, NonceFile nonces, long highestNonce)
      throws IOException {
    this.chain = chain;
    this.key = key;
    this.nonces = nonces;
    String shortest =
        member.writePrefixes().stream()
            .min(Comparator.comparingInt(ByteString::size))
            .map(bytes -> new String(bytes.bytes(), StandardCharsets.UTF_8))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the client "
                            + member.name()
                            + " has no write_prefixes in the genesis file, so it may write"
                            + " nothing"));
    this.prefix = shortest + "bench/";
    Operation empty = new Operation.Put(key(0), ByteString.EMPTY);
    nonces.raiseTo(highestNonce);
    this.freeBytes =
        TRANSACTION_BYTES - Transaction.sign(key, chain.chainHash(), 1, List.of(empty)).size();
    if (freeBytes < 0) {
      throw new IllegalArgumentException(
          "the write prefix "
              + shortest
              + " of client "
              + member.name()
              + " is too long for a transaction of "
              + TRANSACTION_BYTES
              + " bytes");
    }
  }

  private ByteString key(long nonce) {
    return ByteString.utf8(prefix + String.format("%05d", nonce % KEYS));
  }

  /** Signs {@code count} more transactions, to be taken later. */
  void signAhead(int count) throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      ahead.add(sign());
    }
  }

  /** The next transaction. */
  Signed take() throws IOException, InterruptedException {
    Signed signed = ahead.poll();
    if (signed == null) {
      signedLate++;
      return sign();
    }
    return signed;
  }

  /** How many were signed only when they were taken. */
  long signedLate() {
    return signedLate;
  }

  private Signed sign() throws IOException, InterruptedException {
    if (nextNonce == noncesEnd) {
      nextNonce = nonces.reserveMore(NONCES_PER_RESERVATION);
      noncesEnd = nextNonce + NONCES_PER_RESERVATION;
    }
    long nonce = nextNonce++;
    byte[] value = new byte[freeBytes];
    Arrays.fill(value, (byte) ('a' + nonce % 26));
    Operation put = new Operation.Put(key(nonce), ByteString.of(value));
    Transaction transaction = Transaction.sign(key, chain.chainHash(), nonce, List.of(put));
    return new Signed(transaction);
  }
}
