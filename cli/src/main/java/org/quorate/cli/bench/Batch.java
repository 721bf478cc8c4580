package org.quorate.cli.bench;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Transactions that are sent together, and the request's body, made once for all nodes. */
final class Batch {
  /** The most transactions that a node takes at once. */
  static final int TRANSACTIONS_MAX = 500;

  private final List<Signed> transactions;
  private final byte[] body;

  Batch(List<Signed> transactions) {
    this.transactions = List.copyOf(transactions);
    StringBuilder json =
        new StringBuilder(32 + transactions.size() * (2 * LoadClient.TRANSACTION_BYTES + 3));
    json.append("{\"transactions\":[");
    for (int i = 0; i < transactions.size(); i++) {
      json.append(i == 0 ? "\"" : ",\"");
      transactions.get(i).appendHex(json, HexFormat.of());
      json.append('"');
    }
    this.body = json.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  List<Signed> transactions() {
    return transactions;
  }

  HttpRequest.BodyPublisher publisher() {
    return HttpRequest.BodyPublishers.ofByteArray(body);
  }
}
