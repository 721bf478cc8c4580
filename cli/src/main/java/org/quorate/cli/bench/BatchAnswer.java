package org.quorate.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a node answers to a batch of transactions: which of them it refuses. */
final class BatchAnswer {
  private static final JsonFactory JSON = new JsonFactory();

  private BatchAnswer() {}

  /**
   * A refused transaction.
   *
   * @param index its place in the batch
   * @param status the HTTP status of the problem
   */
  record Refusal(int index, int status, String title) {
    /** Whether the node only has too much to do. */
    boolean isLoad() {
      return status == 429 || status == 503;
    }
  }

  /**
   * Reads {@code {"results": [{"hash": …} or {"problem": {…}}, …]}}.
   *
   * @throws IOException if it is anything else
   */
  static List<Refusal> parse(byte[] json) throws IOException {
    List<Refusal> refusals = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean results = parser.currentName().equals("results");
        parser.nextToken();
        if (!results) {
          parser.skipChildren();
          continue;
        }
        expect(parser.currentToken(), JsonToken.START_ARRAY);
        for (int index = 0; parser.nextToken() == JsonToken.START_OBJECT; index++) {
          result(parser, index, refusals);
        }
      }
    }
    return refusals;
  }

  private static void result(JsonParser parser, int index, List<Refusal> refusals)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean problem = parser.currentName().equals("problem");
      JsonToken value = parser.nextToken();
      if (problem && value == JsonToken.START_OBJECT) {
        refusals.add(problem(parser, index));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static Refusal problem(JsonParser parser, int index) throws IOException {
    int status = 0;
    String title = "";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "status" -> status = parser.getIntValue();
        case "title" -> title = parser.getText();
        default -> parser.skipChildren();
      }
    }
    return new Refusal(index, status, title);
  }

  private static void expect(JsonToken found, JsonToken expected) throws IOException {
    if (found != expected) {
      throw new IOException("the answer to a batch has " + found + " where " + expected + " is");
    }
  }
}
