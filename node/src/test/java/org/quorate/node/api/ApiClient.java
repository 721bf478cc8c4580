package org.quorate.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Hex;

/** The JDK's HTTP client, as a user of the API would use it. */
final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  ApiClient(InetSocketAddress address) {
    this.base = "http://127.0.0.1:" + address.getPort();
  }

  /** An answer with its body read as JSON. */
  record Reply(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String mediaType() {
      return header("Content-Type");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new AssertionError("not JSON: " + text(), e);
      }
    }

    /** The slug of a problem document; fails if it is none. */
    String problem() {
      if (!mediaType().equals(Problem.MEDIA_TYPE)) {
        throw new AssertionError("no problem: " + status() + " " + text());
      }
      JsonNode json = json();
      if (json.get("status").intValue() != status()
          || json.get("title").textValue().isBlank()
          || json.get("detail").textValue().isBlank()
          || json.size() != 4) {
        throw new AssertionError("not a whole problem document: " + json);
      }
      return json.get("type").textValue().replace("urn:quorate:problem:", "");
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
  }

  CompletableFuture<Reply> send(HttpRequest request) {
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(Reply::new);
  }

  CompletableFuture<HttpResponse<java.util.stream.Stream<String>>> lines(String path) {
    return http.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofLines());
  }

  Reply get(String path) {
    return getLater(path).join();
  }

  CompletableFuture<Reply> getLater(String path) {
    return send(request(path).build());
  }

  Reply send(String method, String path) {
    return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()).build()).join();
  }

  Reply post(String path, String body) {
    return postLater(path, body).join();
  }

  CompletableFuture<Reply> postLater(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  static String body(byte[] transaction) {
    return "{\"transaction\":\"" + Hex.encode(transaction) + "\"}";
  }

  Reply submit(Transaction transaction) {
    return post("/api/v1/transactions", body(transaction.encoded()));
  }

  Reply submitBatch(List<Transaction> transactions) {
    List<String> elements =
        transactions.stream().map(one -> "\"" + Hex.encode(one.encoded()) + "\"").toList();
    return post(
        "/api/v1/transactions/batch", "{\"transactions\":[" + String.join(",", elements) + "]}");
  }
}
