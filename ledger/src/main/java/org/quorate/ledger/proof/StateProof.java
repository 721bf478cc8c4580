package org.quorate.ledger.proof;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;

/**
 * All that a {@link LightClient} needs to know which values some keys had after a block, or that
 * they were absent.
 *
 * @param header of that block
 * @param values by key, none where it is absent; 1 to {@value #KEYS_MAX}
 * @param path from the values to the checkpoint's state root, as {@link StatePath} reads it
 */
public record StateProof(
    Digest chainHash,
    BlockHeader header,
    QuorumCertificate commit,
    CheckpointCertificate checkpointCertificate,
    SortedMap<ByteString, Optional<ByteString>> values,
    ByteString path)
    implements Proof {
  /** The most keys of one proof. */
  public static final int KEYS_MAX = 64;

  private static final Domain QUERY = Domain.of("state-query");

  /**
   * @throws IllegalArgumentException if there are no keys or too many, or a key or value is longer
   *     than any can be
   */
  public StateProof {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    if (values.isEmpty() || values.size() > KEYS_MAX) {
      throw new IllegalArgumentException("a state proof has 1 to " + KEYS_MAX + " keys");
    }
    // The limits of keys and values.
    values.forEach((key, value) -> new Operation.Put(key, value.orElse(ByteString.EMPTY)));
  }

  /**
   * Which keys it is about: {@code SHA-256("quorate/state-query/v1\0" ‖ chainHash ‖ list(key))}.
   * What shows that one key is absent may show it of others too; a document that carries this
   * digest does not turn into a proof of them when a bit of it turns.
   */
  public Digest query() {
    return QUERY.hash(chainHash, new Encoder().list(List.copyOf(values.keySet())).toBytes());
  }
}
