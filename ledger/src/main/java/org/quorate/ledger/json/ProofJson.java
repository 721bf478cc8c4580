package org.quorate.ledger.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.MerkleTree;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.TransactionProof;

/**
 * The proof bundle: one JSON object of exactly the fields below, in any order. All but the format
 * and the index are lower-case hex of canonical bytes; a path is a list of digests, from the
 * sibling of the leaf upward.
 */
public final class ProofJson {
  /** What the field {@code format} says. */
  public static final String FORMAT = "quorate-proof/1";

  /** The largest bundle that is read, in bytes: twice the largest transaction, and room. */
  public static final int BYTES_MAX = 4 << 20;

  private static final List<String> FIELDS =
      List.of(
          "format",
          "chain_hash",
          "header",
          "commit_certificate",
          "transaction",
          "transaction_index",
          "transaction_path",
          "receipt",
          "receipt_path",
          "checkpoint_certificate");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(2)
                          .maxStringLength(BYTES_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ProofJson() {}

  /** The bundle as UTF-8, indented, with a final newline. */
  public static byte[] write(TransactionProof proof) {
    ObjectNode bundle = JSON.createObjectNode();
    bundle.put("format", FORMAT);
    bundle.put("chain_hash", proof.chainHash().hex());
    bundle.put("header", Hex.encode(proof.header().encoded()));
    bundle.put("commit_certificate", Hex.encode(proof.commit().encoded()));
    bundle.put("transaction", Hex.encode(proof.transaction().encoded()));
    bundle.put("transaction_index", proof.index());
    bundle.set("transaction_path", path(proof.transactionPath()));
    bundle.put("receipt", Hex.encode(proof.receipt().encoded()));
    bundle.set("receipt_path", path(proof.receiptPath()));
    bundle.put("checkpoint_certificate", Hex.encode(proof.checkpointCertificate().encoded()));
    return (bundle.toPrettyString() + "\n").getBytes(UTF_8);
  }

  /**
   * Reads a bundle; whether it proves anything is {@link
   * org.quorate.ledger.proof.LightClient#check}'s to say.
   *
   * @throws MalformedException if it is not a bundle, naming the field
   */
  public static TransactionProof read(byte[] json) throws MalformedException {
    ObjectNode bundle = parse(json);
    checkFields(bundle);
    String format = text(bundle, "format");
    if (!format.equals(FORMAT)) {
      throw new MalformedException("format is \"" + FORMAT + "\", not \"" + format + "\"");
    }
    return new TransactionProof(
        value(bundle, "chain_hash", ProofJson::digest),
        value(bundle, "header", BlockHeader::decode),
        value(bundle, "commit_certificate", QuorumCertificate::decode),
        value(bundle, "transaction", Transaction::decode),
        index(bundle.required("transaction_index")),
        path(bundle, "transaction_path"),
        value(bundle, "receipt", Receipt::decode),
        path(bundle, "receipt_path"),
        value(bundle, "checkpoint_certificate", CheckpointCertificate::decode));
  }

  private static ObjectNode parse(byte[] json) throws MalformedException {
    if (json.length > BYTES_MAX) {
      throw new MalformedException("a proof has at most " + BYTES_MAX + " bytes");
    }
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return object;
      }
      throw new MalformedException("a proof is a JSON object");
    } catch (JsonProcessingException e) {
      throw new MalformedException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MalformedException("not JSON: " + String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkFields(ObjectNode bundle) throws MalformedException {
    TreeSet<String> missing = new TreeSet<>(FIELDS);
    for (Iterator<String> names = bundle.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!missing.remove(name)) {
        throw new MalformedException("a proof has no field \"" + name + "\"");
      }
    }
    if (!missing.isEmpty()) {
      throw new MalformedException("the field \"" + missing.first() + "\" is missing");
    }
  }

  private static String text(ObjectNode bundle, String field) throws MalformedException {
    JsonNode node = bundle.required(field);
    if (!node.isTextual()) {
      throw new MalformedException(field + " is text");
    }
    return node.textValue();
  }

  private static int index(JsonNode node) throws MalformedException {
    if (!node.isInt() || node.intValue() < 0) {
      throw new MalformedException("transaction_index is an integer, 0 or more");
    }
    return node.intValue();
  }

  private static <T> T value(ObjectNode bundle, String field, Decoder.Reader<T> reader)
      throws MalformedException {
    return decode(field, text(bundle, field), reader);
  }

  private static <T> T decode(String field, String hex, Decoder.Reader<T> reader)
      throws MalformedException {
    try {
      return Decoder.decode(Hex.decode(hex), reader);
    } catch (IllegalArgumentException | MalformedException e) {
      throw new MalformedException(field + ": " + String.valueOf(e.getMessage()), e);
    }
  }

  private static Digest digest(Decoder in) throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }

  private static List<Digest> path(ObjectNode bundle, String field) throws MalformedException {
    if (!(bundle.required(field) instanceof ArrayNode array)
        || array.size() > MerkleTree.PATH_MAX) {
      throw new MalformedException(
          field + " is a list of at most " + MerkleTree.PATH_MAX + " digests");
    }
    List<Digest> path = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw new MalformedException(field + " is a list of text");
      }
      path.add(decode(field, element.textValue(), ProofJson::digest));
    }
    return path;
  }

  private static ArrayNode path(List<Digest> path) {
    ArrayNode array = JSON.createArrayNode();
    path.forEach(digest -> array.add(digest.hex()));
    return array;
  }
}
