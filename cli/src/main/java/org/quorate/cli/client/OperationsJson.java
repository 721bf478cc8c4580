package org.quorate.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Hex;

/**
 * A transaction's operations as people write them: a JSON list of objects, in the order in which
 * they take effect.
 *
 * <pre>
 * {"op": "require", "key": K, "value": V}       holds if K has the value V
 * {"op": "require", "key": K, "absent": true}   holds if K is absent
 * {"op": "put", "key": K, "value": V}
 * {"op": "delete", "key": K}
 * {"op": "add", "key": K, "delta": INTEGER}
 * {"op": "data", "value": V}
 * </pre>
 *
 * Keys and values are text and become their UTF-8 bytes; {@code "key_hex"} and {@code "value_hex"}
 * in their place take lower-case hex of any bytes. Unknown, missing and repeated fields are
 * refused.
 */
public final class OperationsJson {
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "require", Set.of("op", "key", "key_hex", "value", "value_hex", "absent"),
          "put", Set.of("op", "key", "key_hex", "value", "value_hex"),
          "delete", Set.of("op", "key", "key_hex"),
          "add", Set.of("op", "key", "key_hex", "delta"),
          "data", Set.of("op", "value", "value_hex"));

  private final JsonNode object;
  private final String where;

  private OperationsJson(JsonNode object, String where) {
    this.object = object;
    this.where = where;
  }

  /**
   * Reads a list of operations.
   *
   * @throws IllegalArgumentException naming the operation, counted from 0, and the field that is
   *     wrong
   */
  public static List<Operation> read(byte[] json) {
    JsonNode list;
    try {
      list = AnswerFields.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not JSON, line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
    if (!list.isArray() || list.isEmpty() || list.size() > Transaction.OPERATIONS_MAX) {
      throw new IllegalArgumentException(
          "a transaction is a JSON list of 1 to " + Transaction.OPERATIONS_MAX + " operations");
    }
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      operations.add(new OperationsJson(list.get(i), "operation " + i).operation());
    }
    return List.copyOf(operations);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(where + ": " + what);
  }

  private Operation operation() {
    if (!object.isObject()) {
      throw wrong("not a JSON object");
    }
    JsonNode op = object.get("op");
    Set<String> fields = op == null || !op.isTextual() ? null : FIELDS.get(op.textValue());
    if (op == null || fields == null) {
      throw wrong("the field op is one of " + new TreeSet<>(FIELDS.keySet()));
    }
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name)) {
                throw wrong(op.textValue() + " has no field " + name);
              }
            });
    try {
      return switch (op.textValue()) {
        case "require" -> new Operation.Require(bytes("key"), expected());
        case "put" -> new Operation.Put(bytes("key"), bytes("value"));
        case "delete" -> new Operation.Delete(bytes("key"));
        case "add" -> new Operation.Add(bytes("key"), delta());
        case "data" -> new Operation.Data(bytes("value"));
        default -> throw new AssertionError("FIELDS has every operation");
      };
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where) ? e : wrong(message);
    }
  }

  private Optional<ByteString> expected() {
    JsonNode absent = object.get("absent");
    if (absent == null) {
      return Optional.of(bytes("value"));
    }
    if (!absent.isBoolean() || !absent.booleanValue()) {
      throw wrong("the field absent is true or not there");
    }
    if (object.has("value") || object.has("value_hex")) {
      throw wrong("a key that is required to be absent has no value");
    }
    return Optional.empty();
  }

  private ByteString bytes(String name) {
    JsonNode text = object.get(name);
    JsonNode hex = object.get(name + "_hex");
    if ((text == null) == (hex == null)) {
      throw wrong("one of the fields " + name + " and " + name + "_hex is needed, and only one");
    }
    if (text != null) {
      if (!text.isTextual()) {
        throw wrong("the field " + name + " is a string");
      }
      return ByteString.utf8(text.textValue());
    }
    if (!hex.isTextual()) {
      throw wrong("the field " + name + "_hex is a string");
    }
    try {
      return ByteString.of(Hex.decode(hex.textValue()));
    } catch (IllegalArgumentException e) {
      throw wrong("the field " + name + "_hex: " + e.getMessage());
    }
  }

  private long delta() {
    JsonNode delta = object.get("delta");
    if (delta == null || !delta.isIntegralNumber() || !delta.canConvertToLong()) {
      throw wrong("the field delta is an integer of -2^63 to 2^63-1");
    }
    return delta.longValue();
  }
}
