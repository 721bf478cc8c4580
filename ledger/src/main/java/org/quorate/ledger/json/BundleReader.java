package org.quorate.ledger.json;

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
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;

/**
 * Reads a bundle strictly: one JSON object of exactly the named fields, each once, whose values are
 * text, small integers, hex of canonical bytes, or lists of such hex. Every complaint names the
 * field. Owned by one thread.
 */
final class BundleReader {
  /** No text in a bundle is longer than the longest bundle. */
  private static final int TEXT_MAX = 16 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(2)
                          .maxStringLength(TEXT_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String what;
  private final ObjectNode bundle;

  private BundleReader(String what, ObjectNode bundle) {
    this.what = what;
    this.bundle = bundle;
  }

  /**
   * @param what it is, for complaints
   * @param bytesMax at most 16 MiB
   */
  static BundleReader parse(String what, byte[] json, int bytesMax) throws MalformedException {
    if (json.length > bytesMax) {
      throw new MalformedException(what + " has at most " + bytesMax + " bytes");
    }
    try {
      if (JSON.readTree(json) instanceof ObjectNode object) {
        return new BundleReader(what, object);
      }
      throw new MalformedException(what + " is a JSON object");
    } catch (JsonProcessingException e) {
      throw new MalformedException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MalformedException("not JSON: " + String.valueOf(e.getMessage()), e);
    }
  }

  /** Refuses fields that are not of these, and the lack of one. */
  void checkFields(List<String> fields) throws MalformedException {
    TreeSet<String> missing = new TreeSet<>(fields);
    for (Iterator<String> names = bundle.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!missing.remove(name)) {
        throw new MalformedException(what + " has no field \"" + name + "\"");
      }
    }
    if (!missing.isEmpty()) {
      throw new MalformedException("the field \"" + missing.first() + "\" is missing");
    }
  }

  /** Refuses another format than this. */
  void checkFormat(String expected) throws MalformedException {
    String format = text("format");
    if (!format.equals(expected)) {
      throw new MalformedException("format is \"" + expected + "\", not \"" + format + "\"");
    }
  }

  private JsonNode node(String field) throws MalformedException {
    JsonNode node = bundle.get(field);
    if (node == null) {
      throw new MalformedException("the field \"" + field + "\" is missing");
    }
    return node;
  }

  String text(String field) throws MalformedException {
    JsonNode node = node(field);
    if (!node.isTextual()) {
      throw new MalformedException(field + " is text");
    }
    return node.textValue();
  }

  int index(String field) throws MalformedException {
    JsonNode node = node(field);
    if (!node.isInt() || node.intValue() < 0) {
      throw new MalformedException(field + " is an integer, 0 or more");
    }
    return node.intValue();
  }

  Digest digest(String field) throws MalformedException {
    return value(field, BundleReader::digest);
  }

  <T> T value(String field, Decoder.Reader<T> reader) throws MalformedException {
    return decode(field, text(field), reader);
  }

  /** A list of at most {@code max} values, which complaints call {@code elements}. */
  <T> List<T> list(String field, int max, String elements, Decoder.Reader<T> reader)
      throws MalformedException {
    if (!(node(field) instanceof ArrayNode array) || array.size() > max) {
      throw new MalformedException(field + " is a list of at most " + max + " " + elements);
    }
    List<T> values = new ArrayList<>();
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw new MalformedException(field + " is a list of text");
      }
      values.add(decode(field, element.textValue(), reader));
    }
    return values;
  }

  private static <T> T decode(String field, String hex, Decoder.Reader<T> reader)
      throws MalformedException {
    try {
      return Decoder.decode(Hex.decode(hex), reader);
    } catch (IllegalArgumentException | MalformedException e) {
      throw new MalformedException(field + ": " + String.valueOf(e.getMessage()), e);
    }
  }

  static Digest digest(Decoder in) throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }
}
