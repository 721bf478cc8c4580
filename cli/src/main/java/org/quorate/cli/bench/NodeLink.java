package org.quorate.cli.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.quorate.cli.client.NodeEndpoint;

/**
 * A node under load: batches go to it, what it executes comes back. Never blocks; the answers are
 * events.
 */
final class NodeLink {
  /** A node with so many unanswered batches gets no more of them for the moment. */
  private static final int BATCHES_MAX = 16;

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  private final int node;
  private final NodeEndpoint endpoint;
  private final HttpClient http;
  private final BlockingQueue<NodeEvent> events;
  private final AtomicInteger unanswered = new AtomicInteger();

  NodeLink(int node, NodeEndpoint endpoint, HttpClient http, BlockingQueue<NodeEvent> events) {
    this.node = node;
    this.endpoint = endpoint;
    this.http = http;
    this.events = events;
  }

  NodeEndpoint endpoint() {
    return endpoint;
  }

  /** Sends a batch, or drops it where the node is too far behind: other nodes have it too. */
  void send(Batch batch) {
    if (unanswered.incrementAndGet() > BATCHES_MAX) {
      unanswered.decrementAndGet();
      return;
    }
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.uri().resolve("/api/v1/transactions/batch"))
            .header("Content-Type", "application/json")
            .timeout(ANSWER_TIMEOUT)
            .POST(batch.publisher())
            .build();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
            .whenComplete(
                (response, failure) -> {
                  unanswered.decrementAndGet();
                  if (response != null) {
                    answered(batch, response);
                  }
                });
  }

  /** A batch without a usable answer is like one that was lost: it is sent again when overdue. */
  private void answered(Batch batch, HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return;
    }
    try {
      List<BatchAnswer.Refusal> refusals = BatchAnswer.parse(response.body());
      if (!refusals.isEmpty()) {
        events.add(new NodeEvent.Answered(node, batch, refusals));
      }
    } catch (IOException e) {
      events.add(new NodeEvent.Babbled(node, String.valueOf(e.getMessage())));
    }
  }

  /**
   * Asks for the event stream.
   *
   * @param begun told true when the stream has begun, or false when it does not
   */
  void subscribe(Consumer<Boolean> begun) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.uri().resolve("/api/v1/events/blocks"))
            .header("Accept", "text/event-stream")
            .build();
    var unused =
        http.sendAsync(
                request,
                response -> {
                  if (response.statusCode() != 200) {
                    return HttpResponse.BodySubscribers.replacing(null);
                  }
                  begun.accept(true);
                  return HttpResponse.BodySubscribers.fromLineSubscriber(new Lines());
                })
            .whenComplete(
                (response, failure) -> {
                  begun.accept(false); // no matter once it was true
                  events.add(
                      new NodeEvent.StreamEnded(
                          node,
                          failure != null
                              ? String.valueOf(failure.getMessage())
                              : "the stream ended with HTTP status " + response.statusCode()));
                });
  }

  /** The lines of an event stream (WHATWG HTML, §9.2.6), as far as nodes use them. */
  private final class Lines implements Flow.Subscriber<String> {
    private String name = "";
    private String data = "";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.isEmpty()) {
        dispatch();
      } else if (line.startsWith("event:")) {
        name = line.substring("event:".length()).strip();
      } else if (line.startsWith("data:")) {
        data = line.substring("data:".length());
      }
    }

    private void dispatch() {
      if (!data.isEmpty() && !name.equals("checkpoint")) {
        try {
          events.add(new NodeEvent.Executed(node, BlockReport.parse(data)));
        } catch (IOException e) {
          events.add(new NodeEvent.Babbled(node, String.valueOf(e.getMessage())));
        }
      }
      name = "";
      data = "";
    }

    @Override
    public void onError(Throwable failure) {
      // The exchange fails with it.
    }

    @Override
    public void onComplete() {
      // The exchange ends with it.
    }
  }
}
