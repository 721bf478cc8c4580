package org.quorate.genesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One JSON object of a file and the path to it, read strictly: every field that is expected stands
 * there once, nothing else does but what is said to be optional, and each complaint names the
 * field. Numbers are integers; text is well-formed Unicode.
 */
final class JsonObject {
  /** No file is larger; a million entries of application state fit. */
  static final int FILE_BYTES_MAX = 64 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What the JSON parser says about where an object began, which helps nobody. */
  private static final Pattern PLACE =
      Pattern.compile(" \\((for \\w+ starting|start marker) at .*", Pattern.DOTALL);

  private final String path;
  private final JsonNode node;

  private JsonObject(String path, JsonNode node) {
    this.path = path;
    this.node = node;
  }

  static byte[] readFile(Path file) throws GenesisException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw new GenesisException(file + " has more than " + FILE_BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new GenesisException("cannot read " + file + ": " + reason(e), e);
    }
  }

  /** What went wrong with a file, in words: most file exceptions only repeat its name. */
  static String reason(IOException e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.file.FileAlreadyExistsException) {
      return "it exists already, and is not overwritten";
    }
    return String.valueOf(e.getMessage());
  }

  /** The object that the whole file is. */
  static JsonObject parse(byte[] utf8, String... fields) throws GenesisException {
    return parse(utf8, List.of(fields), List.of());
  }

  /** As {@link #parse(byte[], String...)}, with fields that may be left out. */
  static JsonObject parse(byte[] utf8, List<String> fields, List<String> optional)
      throws GenesisException {
    JsonNode root;
    try {
      // Decoded here and strictly: Jackson would guess UTF-16 and UTF-32 too.
      root =
          MAPPER.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)) + "");
    } catch (CharacterCodingException e) {
      throw new GenesisException("not a text in UTF-8", e);
    } catch (JsonProcessingException e) {
      String at =
          e.getLocation() == null
              ? ""
              : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      throw new GenesisException(
          at + ": not valid JSON: " + PLACE.matcher(e.getOriginalMessage()).replaceAll(""), e);
    }
    return of("", root, fields, optional);
  }

  private static JsonObject of(String path, JsonNode node, String... fields)
      throws GenesisException {
    return of(path, node, List.of(fields), List.of());
  }

  private static JsonObject of(
      String path, JsonNode node, List<String> expected, List<String> optional)
      throws GenesisException {
    if (!node.isObject()) {
      throw new GenesisException(
          path.isEmpty()
              ? "the file is not a JSON object"
              : path + ": an object { … }, not " + kind(node));
    }
    JsonObject object = new JsonObject(path, node);
    List<String> known = Stream.concat(expected.stream(), optional.stream()).toList();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw GenesisException.field(
            object.at(field.getKey()),
            "unknown field; the fields here are " + String.join(", ", known));
      }
    }
    for (String field : expected) {
      if (!node.has(field)) {
        throw GenesisException.field(object.at(field), "missing");
      }
    }
    return object;
  }

  /** Whether an optional field is there. */
  boolean has(String field) {
    return node.has(field);
  }

  String at(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  JsonObject object(String field, String... fields) throws GenesisException {
    return of(at(field), node.get(field), fields);
  }

  List<JsonObject> objects(String field, int max, String... fields) throws GenesisException {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : array(field, max)) {
      objects.add(of(at(field) + "[" + objects.size() + "]", element, fields));
    }
    return objects;
  }

  List<String> texts(String field, int max) throws GenesisException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(field, max)) {
      texts.add(text(at(field) + "[" + texts.size() + "]", element));
    }
    return texts;
  }

  private JsonNode array(String field, int max) throws GenesisException {
    JsonNode array = node.get(field);
    if (!array.isArray()) {
      throw GenesisException.field(at(field), "a list [ … ], not " + kind(array));
    }
    if (array.size() > max) {
      throw GenesisException.field(
          at(field), "at most " + max + " elements, not " + array.size() + "; take some out");
    }
    return array;
  }

  String text(String field) throws GenesisException {
    return text(at(field), node.get(field));
  }

  private static String text(String path, JsonNode value) throws GenesisException {
    if (!value.isTextual()) {
      throw GenesisException.field(path, "a text in quotes, not " + kind(value));
    }
    return wellFormed(path, value.textValue());
  }

  private static String wellFormed(String path, String text) throws GenesisException {
    // Half a surrogate pair has no UTF-8: it would silently become a question mark.
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw GenesisException.field(path, "has an escaped surrogate without its other half");
    }
    return text;
  }

  int integer(String field) throws GenesisException {
    JsonNode value = node.get(field);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw GenesisException.field(
          at(field), "an integer below 2^31 without quotes, point or exponent, not " + kind(value));
    }
    return value.intValue();
  }

  boolean flag(String field) throws GenesisException {
    JsonNode value = node.get(field);
    if (!value.isBoolean()) {
      throw GenesisException.field(at(field), "true or false without quotes, not " + kind(value));
    }
    return value.booleanValue();
  }

  /** The entries of an object whose names are data. */
  List<Map.Entry<String, String>> entries(String field, int max) throws GenesisException {
    JsonNode object = node.get(field);
    if (!object.isObject()) {
      throw GenesisException.field(at(field), "an object { … }, not " + kind(object));
    }
    if (object.size() > max) {
      throw GenesisException.field(
          at(field), "at most " + max + " entries, not " + object.size() + "; take some out");
    }
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String entryPath = entry(field, entry.getKey());
      entries.add(
          Map.entry(wellFormed(entryPath, entry.getKey()), text(entryPath, entry.getValue())));
    }
    return entries;
  }

  /** The path of an entry of {@link #entries}. */
  String entry(String field, String key) {
    return at(field) + "[\"" + key + "\"]";
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a text";
      case NUMBER -> "the number " + abbreviated(value.asText());
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case BOOLEAN -> value.asText();
      default -> "null";
    };
  }

  private static String abbreviated(String text) {
    return text.length() <= 24 ? text : text.substring(0, 24) + "…";
  }
}
