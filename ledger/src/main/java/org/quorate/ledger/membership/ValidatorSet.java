package org.quorate.ledger.membership;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.crypto.PublicKey;

/**
 * The validators in the order of the genesis file, 1 to {@value #VALIDATORS_MAX}, no key or name
 * twice. Encoded as a list.
 */
public final class ValidatorSet implements Encodable {
  /** The most validators a chain may have. */
  public static final int VALIDATORS_MAX = 128;

  private static final Domain DOMAIN = Domain.of("validator-set");

  private final List<Validator> validators;
  private final List<ReplicaId> replicas;
  private final TreeMap<PublicKey, ReplicaId> byKey = new TreeMap<>();
  private final Quorum quorum;
  private final Digest hash;

  /**
   * @throws IllegalArgumentException if there are none or too many, or a key or name stands twice
   */
  public ValidatorSet(List<Validator> validators) {
    if (validators.size() > VALIDATORS_MAX) {
      throw new IllegalArgumentException(
          "at most " + VALIDATORS_MAX + " validators, not " + validators.size());
    }
    this.validators = List.copyOf(validators);
    this.replicas = IntStream.range(0, validators.size()).mapToObj(ReplicaId::new).toList();
    this.quorum = new Quorum(validators.size());
    TreeMap<String, ReplicaId> byName = new TreeMap<>();
    for (int i = 0; i < validators.size(); i++) {
      ReplicaId id = replicas.get(i);
      Validator validator = validators.get(i);
      ReplicaId sameKey = byKey.put(validator.publicKey(), id);
      if (sameKey != null) {
        throw new IllegalArgumentException(
            "validators " + sameKey.index() + " and " + i + " have the same public key");
      }
      ReplicaId sameName = byName.put(validator.name(), id);
      if (sameName != null) {
        throw new IllegalArgumentException(
            "validators " + sameName.index() + " and " + i + " have the same name");
      }
    }
    this.hash = DOMAIN.hash(encoded());
  }

  /** The number of validators, n. */
  public int n() {
    return validators.size();
  }

  /** What is enough of them. */
  public Quorum quorum() {
    return quorum;
  }

  /** The digest that block headers carry. */
  public Digest hash() {
    return hash;
  }

  /** The validators, in order. */
  public List<Validator> validators() {
    return validators;
  }

  /** All replicas, in order. */
  public List<ReplicaId> replicas() {
    return replicas;
  }

  /** Whether {@code replica} is one of this set. */
  public boolean contains(ReplicaId replica) {
    return replica.index() < n();
  }

  /** The validator with that place; it must be in the set. */
  public Validator validator(ReplicaId replica) {
    return validators.get(replica.index());
  }

  /** The replica that holds {@code key}, if it is one. */
  public Optional<ReplicaId> replica(PublicKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** The primary of {@code view}: replica view mod n (Castro & Liskov, OSDI '99, §4). */
  public ReplicaId primary(long view) {
    return replicas.get((int) (view % n()));
  }

  @Override
  public void encode(Encoder out) {
    out.list(validators);
  }

  /** Reads what {@link #encode} writes. */
  public static ValidatorSet decode(Decoder in) throws MalformedException {
    return new ValidatorSet(in.list(VALIDATORS_MAX, Validator::decode));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValidatorSet set && validators.equals(set.validators);
  }

  @Override
  public int hashCode() {
    return validators.hashCode();
  }
}
