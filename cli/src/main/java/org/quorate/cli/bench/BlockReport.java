package org.quorate.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.quorate.ledger.crypto.Digest;

/**
 * What a node reports of a block it has executed. Two reports are equal when the nodes say the same
 * of everything but the view, which is no part of the result.
 *
 * @param outcomes one for each transaction, in order
 */
record BlockReport(
    long height,
    String blockHash,
    String receiptsRoot,
    String stateRoot,
    List<Digest> transactions,
    List<String> outcomes) {
  private static final JsonFactory JSON = new JsonFactory();

  BlockReport {
    if (transactions.size() != outcomes.size()) {
      throw new IllegalArgumentException(
          transactions.size() + " transactions have " + outcomes.size() + " outcomes");
    }
  }

  /**
   * Reads the data of a block event of the nodes' event stream, token by token: thousands of
   * transactions a second pass here, once for each node.
   *
   * @throws IOException if it is no such event
   */
  static BlockReport parse(String json) throws IOException {
    long height = -1;
    String blockHash = "";
    String receiptsRoot = "";
    String stateRoot = "";
    List<Digest> transactions = new ArrayList<>();
    List<String> outcomes = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a block event is a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "height" -> height = parser.getLongValue();
          case "block_hash" -> blockHash = parser.getText();
          case "receipts_root" -> receiptsRoot = parser.getText();
          case "state_root" -> stateRoot = parser.getText();
          case "transactions" -> {
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
              transactions.add(Digest.fromHex(parser.getText()));
            }
          }
          case "outcomes" -> {
            while (parser.nextToken() == JsonToken.VALUE_STRING) {
              outcomes.add(parser.getText());
            }
          }
          default -> parser.skipChildren();
        }
      }
      if (height < 0 || blockHash.isEmpty() || receiptsRoot.isEmpty() || stateRoot.isEmpty()) {
        throw new IOException("a block event has height, block_hash, receipts_root and state_root");
      }
      return new BlockReport(height, blockHash, receiptsRoot, stateRoot, transactions, outcomes);
    } catch (IllegalArgumentException e) {
      throw new IOException("a block event that cannot be used: " + e.getMessage(), e);
    }
  }
}
