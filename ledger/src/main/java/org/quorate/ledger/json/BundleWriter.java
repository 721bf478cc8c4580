package org.quorate.ledger.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.quorate.ledger.crypto.Hex;

/** Writes what a {@link BundleReader} reads. Owned by one thread. */
final class BundleWriter {
  private final ObjectNode bundle = JsonNodeFactory.instance.objectNode();

  BundleWriter(String format) {
    text("format", format);
  }

  BundleWriter text(String field, String text) {
    bundle.put(field, text);
    return this;
  }

  BundleWriter number(String field, int number) {
    bundle.put(field, number);
    return this;
  }

  /** Canonical bytes. */
  BundleWriter value(String field, byte[] bytes) {
    return text(field, Hex.encode(bytes));
  }

  /** A list of canonical bytes. */
  BundleWriter list(String field, List<byte[]> values) {
    ArrayNode array = bundle.putArray(field);
    values.forEach(bytes -> array.add(Hex.encode(bytes)));
    return this;
  }

  /** UTF-8, indented, with a final newline. */
  byte[] toBytes() {
    return (bundle.toPrettyString() + "\n").getBytes(UTF_8);
  }
}
