package org.quorate.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;

/**
 * A JSON object in a node's answer, field by field. A field that is missing or of another type
 * makes the answer malformed; fields that are not asked for may be there, so that a newer node can
 * say more.
 */
final class AnswerFields {
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;

  private AnswerFields(JsonNode object) {
    this.object = object;
  }

  static AnswerFields parse(byte[] json) throws MalformedAnswerException {
    try {
      return of(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new MalformedAnswerException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new MalformedAnswerException("not JSON: " + e.getMessage(), e);
    }
  }

  private static AnswerFields of(JsonNode node) throws MalformedAnswerException {
    if (!node.isObject()) {
      throw new MalformedAnswerException("not a JSON object");
    }
    return new AnswerFields(node);
  }

  private JsonNode field(String name) throws MalformedAnswerException {
    JsonNode value = object.get(name);
    if (value == null) {
      throw new MalformedAnswerException("the field " + name + " is missing");
    }
    return value;
  }

  private static MalformedAnswerException wrongType(String name, String expected) {
    return new MalformedAnswerException("the field " + name + " is not " + expected);
  }

  String text(String name) throws MalformedAnswerException {
    JsonNode value = field(name);
    if (!value.isTextual()) {
      throw wrongType(name, "a string");
    }
    return value.textValue();
  }

  /** Empty where the field is missing or null. */
  Optional<String> optionalText(String name) throws MalformedAnswerException {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(text(name));
  }

  /** An integer of 0 to 2^63-1. */
  long integer(String name) throws MalformedAnswerException {
    JsonNode value = field(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw wrongType(name, "an integer of 0 to 2^63-1");
    }
    return value.longValue();
  }

  boolean bool(String name) throws MalformedAnswerException {
    JsonNode value = field(name);
    if (!value.isBoolean()) {
      throw wrongType(name, "true or false");
    }
    return value.booleanValue();
  }

  Digest digest(String name) throws MalformedAnswerException {
    return digest(name, text(name));
  }

  private static Digest digest(String name, String hex) throws MalformedAnswerException {
    try {
      return Digest.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswerException("the field " + name + ": " + e.getMessage(), e);
    }
  }

  List<Digest> digests(String name) throws MalformedAnswerException {
    JsonNode array = field(name);
    if (!array.isArray()) {
      throw wrongType(name, "a list");
    }
    List<Digest> digests = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw wrongType(name, "a list of strings");
      }
      digests.add(digest(name, element.textValue()));
    }
    return digests;
  }

  /** A list of integers of 0 to 2^63-1. */
  List<Long> integers(String name) throws MalformedAnswerException {
    JsonNode array = field(name);
    if (!array.isArray()) {
      throw wrongType(name, "a list");
    }
    List<Long> integers = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
        throw wrongType(name, "a list of integers of 0 to 2^63-1");
      }
      integers.add(element.longValue());
    }
    return integers;
  }

  /** A list of strings. */
  List<String> texts(String name) throws MalformedAnswerException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : field(name)) {
      if (!element.isTextual()) {
        throw wrongType(name, "a list of strings");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** A list of objects. */
  List<AnswerFields> objects(String name) throws MalformedAnswerException {
    JsonNode array = field(name);
    if (!array.isArray()) {
      throw wrongType(name, "a list");
    }
    List<AnswerFields> objects = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      objects.add(of(element));
    }
    return objects;
  }

  byte[] bytes(String name) throws MalformedAnswerException {
    try {
      return Hex.decode(text(name));
    } catch (IllegalArgumentException e) {
      throw new MalformedAnswerException("the field " + name + ": " + e.getMessage(), e);
    }
  }

  /** A value whose canonical bytes stand in the field as hex. */
  <T> T value(String name, Decoder.Reader<T> reader) throws MalformedAnswerException {
    try {
      return Decoder.decode(bytes(name), reader);
    } catch (MalformedException e) {
      throw new MalformedAnswerException("the field " + name + ": " + e.getMessage(), e);
    }
  }

  /** A list of at most {@code max} values, each as {@link #value}. */
  <T> List<T> values(String name, int max, Decoder.Reader<T> reader)
      throws MalformedAnswerException {
    JsonNode array = field(name);
    if (!array.isArray() || array.size() > max) {
      throw wrongType(name, "a list of at most " + max);
    }
    List<T> values = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      if (!element.isTextual()) {
        throw wrongType(name, "a list of strings");
      }
      try {
        values.add(Decoder.decode(Hex.decode(element.textValue()), reader));
      } catch (IllegalArgumentException | MalformedException e) {
        throw new MalformedAnswerException("the field " + name + ": " + e.getMessage(), e);
      }
    }
    return values;
  }

  /** As {@link #value}; empty where the field is missing or null. */
  <T> Optional<T> optionalValue(String name, Decoder.Reader<T> reader)
      throws MalformedAnswerException {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value(name, reader));
  }
}
