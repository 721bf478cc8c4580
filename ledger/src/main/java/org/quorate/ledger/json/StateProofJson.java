package org.quorate.ledger.json;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.StateProof;

/**
 * The state proof bundle: one JSON object of exactly the fields below, in any order. All but the
 * format are lower-case hex of canonical bytes.
 */
public final class StateProofJson {
  /** What the field {@code format} says. */
  public static final String FORMAT = "quorate-state-proof/1";

  /** The largest bundle that is read, in bytes: twice the largest keys, values and path. */
  public static final int BYTES_MAX = 12 << 20;

  private static final List<String> FIELDS =
      List.of(
          "format",
          "chain_hash",
          "header",
          "commit_certificate",
          "checkpoint_certificate",
          "query",
          "keys",
          "values",
          "state_path");

  private StateProofJson() {}

  /** A value, or that there is none. */
  private record Entry(Optional<ByteString> value) implements Encodable {
    @Override
    public void encode(Encoder out) {
      out.optional(value);
    }

    static Entry decode(Decoder in) throws MalformedException {
      return new Entry(in.optional(bytes -> ByteString.decode(bytes, Operation.VALUE_BYTES_MAX)));
    }
  }

  /** The bundle as UTF-8, indented, with a final newline. */
  public static byte[] write(StateProof proof) {
    return new BundleWriter(FORMAT)
        .value("chain_hash", proof.chainHash().bytes())
        .value("header", proof.header().encoded())
        .value("commit_certificate", proof.commit().encoded())
        .value("checkpoint_certificate", proof.checkpointCertificate().encoded())
        .value("query", proof.query().bytes())
        .list("keys", proof.values().keySet().stream().map(ByteString::bytes).toList())
        .list(
            "values",
            proof.values().values().stream().map(value -> new Entry(value).encoded()).toList())
        .value("state_path", proof.path().bytes())
        .toBytes();
  }

  /**
   * Reads a bundle; whether it proves anything is {@link
   * org.quorate.ledger.proof.LightClient#check}'s to say.
   *
   * @throws MalformedException if it is not a bundle, naming the field
   */
  public static StateProof read(byte[] json) throws MalformedException {
    return read(BundleReader.parse("a state proof", json, BYTES_MAX));
  }

  static StateProof read(BundleReader bundle) throws MalformedException {
    bundle.checkFields(FIELDS);
    bundle.checkFormat(FORMAT);
    List<ByteString> keys = bundle.list("keys", StateProof.KEYS_MAX, "keys", Decoder::rest);
    List<Entry> values = bundle.list("values", StateProof.KEYS_MAX, "values", Entry::decode);
    StateProof proof;
    try {
      proof =
          new StateProof(
              bundle.digest("chain_hash"),
              bundle.value("header", BlockHeader::decode),
              bundle.value("commit_certificate", QuorumCertificate::decode),
              bundle.value("checkpoint_certificate", CheckpointCertificate::decode),
              entries(keys, values),
              bundle.value("state_path", Decoder::rest));
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
    if (!bundle.digest("query").equals(proof.query())) {
      throw new MalformedException("query is not that of the keys");
    }
    return proof;
  }

  private static SortedMap<ByteString, Optional<ByteString>> entries(
      List<ByteString> keys, List<Entry> values) throws MalformedException {
    if (keys.size() != values.size()) {
      throw new MalformedException("there is not one value for each key");
    }
    TreeMap<ByteString, Optional<ByteString>> entries = new TreeMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (i > 0 && keys.get(i - 1).compareTo(keys.get(i)) >= 0) {
        throw new MalformedException("the keys are not in rising order, each once");
      }
      entries.put(keys.get(i), values.get(i).value());
    }
    return entries;
  }
}
