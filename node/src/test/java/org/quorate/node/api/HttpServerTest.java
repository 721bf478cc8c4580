package org.quorate.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server beneath the API, byte by byte. */
final class HttpServerTest {
  /** More than sockets hold of what nobody reads. */
  private static final int LARGE_BYTES = 32 << 20;

  private static final HttpLimits PATIENT =
      new HttpLimits(100, 250, LARGE_BYTES, 3, 60_000, 60_000, 60_000);
  private static final HttpLimits IMPATIENT =
      new HttpLimits(100, 250, LARGE_BYTES, 3, 400, 200, 60_000);

  private static final String POST =
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

  private final ConcurrentLinkedQueue<CompletableFuture<Answer>> held =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> observed = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    start(PATIENT);
  }

  private void restart(HttpLimits limits) throws IOException {
    server.close();
    start(limits);
  }

  private void start(HttpLimits limits) throws IOException {
    server =
        new HttpServer("test", 1, limits, (route, status, seconds) -> observed.add(route + status));
    Route echo =
        Route.post(
            "/echo",
            request -> Router.done(new Answer.Whole(200, Answer.JSON, request.body(), Map.of())));
    Route hello = Route.get("/hello", request -> Router.done(text("hello")));
    Route later =
        Route.get(
            "/later",
            request -> {
              CompletableFuture<Answer> answer = new CompletableFuture<>();
              held.add(answer);
              return answer;
            });
    Route large = Route.get("/large", request -> Router.done(text("x".repeat(LARGE_BYTES))));
    server.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new Router(List.of(echo, hello, later, large)));
    address = server.address();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Answer text(String text) {
    return new Answer.Whole(
        200, "text/plain", new Body(text.getBytes(StandardCharsets.UTF_8)), Map.of());
  }

  private static String post(String body) {
    return POST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private void goesOn() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.read().body()).isEqualTo("hello");
    }
  }

  @Test
  void aConnectionServesOneRequestAfterAnother() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      for (int i = 0; i < 20; i++) {
        connection.write(post("body " + i));
        assertThat(connection.read().body()).isEqualTo("body " + i);
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderThoughTheFirstTakesLonger() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write(
          "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
              + post("second")
              + "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n"
              + post("fourth"));
      await().until(() -> !held.isEmpty());
      assertThat(observed).isEmpty();
      held.remove().complete(text("first"));
      assertThat(connection.read().body()).isEqualTo("first");
      assertThat(connection.read().body()).isEqualTo("second");
      assertThat(connection.read(true).headers()).contains("content-length: 5");
      assertThat(connection.read().body()).isEqualTo("fourth");
      assertThat(observed).containsExactly("/later200", "/echo200", "/hello200", "/echo200");
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      for (char c : post("slow but sure").toCharArray()) {
        connection.write(String.valueOf(c));
      }
      assertThat(connection.read().body()).isEqualTo("slow but sure");
    }
  }

  @Test
  void aChunkedBodyIsPutTogether() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write(
          POST
              + String.join(
                  "\r\n", "Transfer-Encoding: chunked", "", "3", "abc", "2", "de", "0", "", ""));
      assertThat(connection.read().body()).isEqualTo("abcde");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToContinue() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write(
          POST + String.join("\r\n", "Expect: 100-continue", "Content-Length: 3", "", ""));
      assertThat(connection.read().status()).isEqualTo(100);
      connection.write("abc");
      assertThat(connection.read().body()).isEqualTo("abc");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldThatItsBodyIsTooLarge() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write(
          "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(413);
      assertThat(connection.isEnded()).isTrue();
    }
    goesOn();
  }

  @Test
  void headIsAnsweredAsGetWithoutTheBody() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      String all = connection.readToEnd();
      assertThat(all).startsWith("HTTP/1.1 200").contains("content-length: 5").endsWith("\r\n\r\n");
    }
  }

  @Test
  void optionsAndWrongMethodsAreToldWhatIsAllowed() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("OPTIONS /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      RawConnection.Response options = connection.read();
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.headers()).contains("allow: get, head, options\r\n");
      connection.write("DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
      RawConnection.Response delete = connection.read();
      assertThat(delete.status()).isEqualTo(405);
      assertThat(delete.headers()).contains("allow: options, post\r\n");
      assertThat(delete.body()).contains("method-not-allowed");
      connection.write("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/hello/", "//hello", "/Hello", "/hello/there", "*", "hello"})
  void otherPathsAreNotFound(String path) throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      RawConnection.Response response = connection.read();
      assertThat(response.status()).isEqualTo(404);
      assertThat(response.body()).contains("urn:quorate:problem:not-found");
      connection.write("GET http://host/hello HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.read().body()).isEqualTo("hello");
    }
  }

  @Test
  void anOldClientIsServedAndItsConnectionClosed() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /hello HTTP/1.0\r\n\r\n");
      assertThat(connection.readToEnd()).contains("connection: close").endsWith("hello");
    }
  }

  @Test
  void whatIsNotHttpIsRefusedAndTheConnectionClosed() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("\u0016\u0003\u0001 not http at all\r\n\r\n");
      RawConnection.Response response = connection.read();
      assertThat(response.status()).isEqualTo(400);
      assertThat(response.body()).contains("malformed-request");
      assertThat(connection.isEnded()).isTrue();
    }
    goesOn();
  }

  @Test
  void aRequestLineAndHeadersHaveLimits() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(414);
      assertThat(connection.isEnded()).isTrue();
    }
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /hello HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(9_000) + "\r\n\r\n");
      assertThat(connection.read().status()).isEqualTo(431);
      assertThat(connection.isEnded()).isTrue();
    }
    goesOn();
  }

  @Test
  void aBodyIsCutOffAtItsLimitEvenIfItsLengthIsNotAnnounced() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write(
          POST
              + String.join(
                  "\r\n", "Transfer-Encoding: chunked", "", "65", "a".repeat(101), "0", "", ""));
      assertThat(connection.read().status()).isEqualTo(413);
    }
    await().until(() -> server.bodyBytes() == 0);
    goesOn();
  }

  @Test
  void allBodiesTogetherHaveALimit() throws IOException {
    String most = post("a".repeat(100));
    String unfinished = most.substring(0, most.length() - 1);
    try (RawConnection first = new RawConnection(address);
        RawConnection second = new RawConnection(address);
        RawConnection third = new RawConnection(address)) {
      first.write(unfinished);
      second.write(unfinished);
      await().until(() -> server.bodyBytes() == 198);
      third.write(unfinished);
      assertThat(third.read().status()).isEqualTo(503);
      first.write("a");
      assertThat(first.read().status()).isEqualTo(200);
    }
    await().until(() -> server.bodyBytes() == 0);
  }

  @Test
  void aRequestThatTricklesIsRefused() throws IOException {
    restart(IMPATIENT);
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /hello HTTP/1.1\r\nHost");
      RawConnection.Response response = connection.read();
      assertThat(response.status()).isEqualTo(408);
      assertThat(connection.isEnded()).isTrue();
    }
    restart(PATIENT);
    goesOn();
  }

  @Test
  void aConnectionThatAsksNothingIsClosed() throws IOException {
    restart(IMPATIENT);
    try (RawConnection connection = new RawConnection(address)) {
      assertThat(connection.isEnded()).isTrue();
    }
    await().until(() -> server.connections() == 0);
  }

  @Test
  void aRequestThatIsBeingAnsweredIsNotTimedOut() throws IOException {
    restart(IMPATIENT);
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> !held.isEmpty());
      long began = System.nanoTime();
      await().until(() -> System.nanoTime() - began > 600_000_000L);
      held.remove().complete(text("at last"));
      assertThat(connection.read().body()).isEqualTo("at last");
    }
  }

  @Test
  void oneConnectionTooManyIsToldSo() throws IOException {
    try (RawConnection first = new RawConnection(address);
        RawConnection second = new RawConnection(address);
        RawConnection third = new RawConnection(address)) {
      for (RawConnection each : List.of(first, second, third)) {
        each.write("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(each.read().status()).isEqualTo(200);
      }
      try (RawConnection fourth = new RawConnection(address)) {
        RawConnection.Response response = fourth.read();
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).contains("overloaded");
        assertThat(fourth.isEnded()).isTrue();
      }
    }
    await().until(() -> server.connections() == 0);
    goesOn();
  }

  @Test
  void clientsThatDoNotReadLargeAnswersHoldBoundedMemoryAndKeepSmallOnesFromNobody()
      throws IOException {
    String get = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
    try (RawConnection slow = new RawConnection(address);
        RawConnection second = new RawConnection(address)) {
      slow.write(get);
      await().until(() -> server.answerBytes() == LARGE_BYTES);
      second.write(get);
      RawConnection.Response refused = second.read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("overloaded");
      goesOn();

      assertThat(slow.read().body()).hasSize(LARGE_BYTES);
      await().until(() -> server.answerBytes() == 0);
      second.write(get);
      assertThat(second.read().body()).hasSize(LARGE_BYTES);
      slow.write(get);
      await().until(() -> server.answerBytes() == LARGE_BYTES);
    }
    await().until(() -> server.answerBytes() == 0);
  }

  @Test
  void aHandlerThatThrowsIsAnswered500() throws IOException {
    try (RawConnection connection = new RawConnection(address)) {
      connection.write("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
      await().until(() -> !held.isEmpty());
      held.remove().completeExceptionally(new IllegalStateException("inside"));
      RawConnection.Response response = connection.read();
      assertThat(response.status()).isEqualTo(500);
      assertThat(response.body()).contains("urn:quorate:problem:internal").doesNotContain("inside");
      connection.write("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.read().body()).isEqualTo("hello");
    }
  }

  @Test
  void aPortInUseIsNamed() {
    HttpServer other = new HttpServer("other", 1, PATIENT, (route, status, seconds) -> {});
    assertThatThrownBy(() -> other.start(address, new Router(List.of())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(address.getPort()));
  }
}
