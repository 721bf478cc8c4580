package org.quorate.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects an answer's body and gives up where it grows beyond a limit. Owned by one exchange. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
  private final int bytesMax;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> done = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  private BoundedBody(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** The body is larger than any that a node sends. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooLargeException(String message) {
      super(message);
    }
  }

  /** Bodies of at most {@code bytesMax} bytes. */
  static HttpResponse.BodyHandler<byte[]> ofAtMost(int bytesMax) {
    return response -> new BoundedBody(bytesMax);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription upstream) {
    subscription = upstream;
    upstream.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (done.isDone()) {
        return;
      }
      if (buffer.remaining() > bytesMax - body.size()) {
        if (subscription != null) {
          subscription.cancel();
        }
        done.completeExceptionally(
            new TooLargeException("the answer is larger than " + bytesMax + " bytes"));
        return;
      }
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      body.writeBytes(bytes);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(body.toByteArray());
  }
}
