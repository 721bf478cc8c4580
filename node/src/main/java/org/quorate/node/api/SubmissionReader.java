package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.node.NodeLimits;

/**
 * Reads the bodies of submissions, and nothing but them: one object, one field, no field twice,
 * nothing behind it. Streams, since this is the hot path of the API.
 */
final class SubmissionReader {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(NodeLimits.HTTP_BODY_BYTES_MAX)
                  .build())
          .build();

  private SubmissionReader() {}

  private interface Value<T> {
    T read(JsonParser json) throws IOException, ProblemException;
  }

  /** The bytes in {@code {"transaction": "<hex>"}}. */
  static byte[] one(Body body) throws ProblemException {
    return field(body, "transaction", json -> hex(json, "transaction"));
  }

  /** The bytes in {@code {"transactions": ["<hex>", …]}}; an element that is not hex is empty. */
  static List<Optional<Body>> many(Body body) throws ProblemException {
    return field(body, "transactions", SubmissionReader::list);
  }

  private static <T> T field(Body body, String name, Value<T> value) throws ProblemException {
    try (JsonParser json = FACTORY.createParser(body.bytes())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the body is not a JSON object");
      }
      JsonToken token = json.nextToken();
      if (token == JsonToken.END_OBJECT) {
        checkEnd(json);
        throw new ProblemException(ProblemType.MISSING_FIELD, "the field " + name + " is missing");
      }
      checkName(json, name);
      json.nextToken();
      T read = value.read(json);
      if (json.nextToken() != JsonToken.END_OBJECT) {
        checkName(json, name);
      }
      checkEnd(json);
      return read;
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw malformed(
          "not JSON"
              + (where == null
                  ? ""
                  : " at line " + where.getLineNr() + ", column " + where.getColumnNr()));
    } catch (IOException e) {
      throw malformed("not JSON in UTF-8");
    }
  }

  private static void checkName(JsonParser json, String name) throws IOException, ProblemException {
    if (!name.equals(json.currentName())) {
      throw new ProblemException(
          ProblemType.UNKNOWN_FIELD, "the body has the field " + name + " and no other");
    }
  }

  private static void checkEnd(JsonParser json) throws IOException, ProblemException {
    if (json.nextToken() != null) {
      throw malformed("there is something behind the object");
    }
  }

  private static byte[] hex(JsonParser json, String name) throws IOException, ProblemException {
    return string(json, name)
        .orElseThrow(
            () ->
                new ProblemException(
                    ProblemType.MALFORMED_HEX,
                    name + " is not an even number of lower-case hex digits"))
        .bytes();
  }

  private static Optional<Body> string(JsonParser json, String name)
      throws IOException, ProblemException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed(name + " is not a string");
    }
    return HexText.parse(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  private static List<Optional<Body>> list(JsonParser json) throws IOException, ProblemException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw malformed("transactions is not a list");
    }
    List<Optional<Body>> elements = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (elements.size() == NodeLimits.SUBMISSION_TRANSACTIONS_MAX) {
        throw new ProblemException(
            ProblemType.BODY_TOO_LARGE,
            "at most "
                + NodeLimits.SUBMISSION_TRANSACTIONS_MAX
                + " transactions can be submitted at a time");
      }
      elements.add(string(json, "each transaction"));
    }
    return elements;
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(ProblemType.MALFORMED_JSON, detail);
  }
}
