package org.quorate.ledger.chain;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * What all members of a chain agreed on before it began, and nothing that an operator may change
 * later, such as an address.
 *
 * <pre>
 * genesis    = u16 version(1) text chainId u64 genesisTimeMillis list(validator) list(client) parameters list(entry)
 * entry      = bytes key bytes value              in rising order of keys
 * chainHash  = SHA-256("quorate/genesis/v1\0" ‖ genesis)
 * </pre>
 */
public final class ChainSpec implements Encodable {
  /** The longest chain id, in bytes of UTF-8. */
  public static final int CHAIN_ID_BYTES_MAX = 64;

  /** The most entries of the initial state. */
  public static final int APP_STATE_MAX = 1_000_000;

  private static final int VERSION = 1;
  private static final Domain DOMAIN = Domain.of("genesis");

  private final String chainId;
  private final long genesisTimeMillis;
  private final ValidatorSet validators;
  private final ClientSet clients;
  private final ChainParameters parameters;
  private final SortedMap<ByteString, ByteString> appState;
  private final Digest chainHash;
  private final BlockHeader genesisHeader;
  private final BlockId genesisBlock;

  /**
   * @param chainId the chain's name for people, 1 to {@value #CHAIN_ID_BYTES_MAX} characters of
   *     ASCII letters, digits, dots, hyphens and underscores
   * @param appState the state before the first block
   * @throws IllegalArgumentException if one of them is out of its range
   */
  public ChainSpec(
      String chainId,
      long genesisTimeMillis,
      ValidatorSet validators,
      ClientSet clients,
      ChainParameters parameters,
      SortedMap<ByteString, ByteString> appState) {
    if (!chainId.matches("[A-Za-z0-9._-]{1," + CHAIN_ID_BYTES_MAX + "}")) {
      throw new IllegalArgumentException(
          "chain_id has 1 to "
              + CHAIN_ID_BYTES_MAX
              + " letters, digits, dots, hyphens and underscores");
    }
    if (appState.size() > APP_STATE_MAX) {
      throw new IllegalArgumentException("app_state has at most " + APP_STATE_MAX + " entries");
    }
    this.chainId = chainId;
    this.genesisTimeMillis = genesisTimeMillis;
    this.validators = validators;
    this.clients = clients;
    this.parameters = parameters;
    this.appState = Collections.unmodifiableSortedMap(new TreeMap<>(appState));
    this.appState.forEach(Operation.Put::new); // the limits of keys and values
    this.chainHash = DOMAIN.hash(encoded());
    this.genesisHeader =
        new BlockHeader(
            0,
            Digest.ZERO,
            0,
            genesisTimeMillis,
            new ReplicaId(0),
            MerkleTree.EMPTY_ROOT,
            0,
            validators.hash());
    this.genesisBlock = new BlockId(0, genesisHeader.hash(chainHash));
  }

  /** The chain's name for people. */
  public String chainId() {
    return chainId;
  }

  /** The chain's identity: everything hashed or signed for it stands behind this digest. */
  public Digest chainHash() {
    return chainHash;
  }

  /** The timestamp of the genesis block. */
  public long genesisTimeMillis() {
    return genesisTimeMillis;
  }

  /** Who orders. */
  public ValidatorSet validators() {
    return validators;
  }

  /** Who may submit. */
  public ClientSet clients() {
    return clients;
  }

  /** Limits and times. */
  public ChainParameters parameters() {
    return parameters;
  }

  /** The state before the first block; cannot be changed. */
  public SortedMap<ByteString, ByteString> appState() {
    return appState;
  }

  /** Block 0, which has no transactions and needs no certificate. */
  public BlockHeader genesisHeader() {
    return genesisHeader;
  }

  /** Height 0 and the hash of {@link #genesisHeader}. */
  public BlockId genesisBlock() {
    return genesisBlock;
  }

  @Override
  public void encode(Encoder out) {
    out.u16(VERSION)
        .text(chainId)
        .u64(genesisTimeMillis)
        .value(validators)
        .value(clients)
        .value(parameters)
        .u32(appState.size());
    appState.forEach((key, value) -> out.value(key).value(value));
  }
}
