package org.quorate.node.api;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.store.StorageException;
import org.quorate.node.NodeLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one at a time and in their order: the next is read when
 * the answer to the last is written, so a client that sends without reading holds up itself. Owned
 * by the connection's event loop.
 */
final class HttpConnection extends SimpleChannelInboundHandler<Object> {
  /** How long a refused client may go on sending before the connection is cut. */
  private static final int LINGER_MILLIS = 1_000;

  private static final String OTHER = "other";
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private final Dispatcher dispatcher;
  private final HttpObserver observer;
  private final ReceiveTimer timer;
  private final RequestAssembler assembler;
  private final Budget answers;
  private boolean closing;

  HttpConnection(
      Dispatcher dispatcher,
      HttpObserver observer,
      ReceiveTimer timer,
      RequestAssembler assembler,
      Budget answers) {
    this.dispatcher = dispatcher;
    this.observer = observer;
    this.timer = timer;
    this.assembler = assembler;
    this.answers = answers;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    next(ctx);
  }

  private void next(ChannelHandlerContext ctx) {
    assembler.next(ctx.pipeline().context(assembler));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object message) {
    if (closing) {
      return;
    }
    timer.requestComplete();
    if (message instanceof HttpMessage request) {
      answer(ctx, request);
    } else if (message instanceof Problem problem) {
      refuse(ctx, problem);
    } else {
      throw new AssertionError("not a request: " + message.getClass());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ReceiveTimer.REQUEST_TIMEOUT && !closing) {
      refuse(ctx, new Problem(ProblemType.REQUEST_TIMEOUT, "send the whole request at once"));
    }
  }

  private void answer(ChannelHandlerContext ctx, HttpMessage request) {
    long began = System.nanoTime();
    Dispatcher.Dispatched dispatched;
    try {
      dispatched = dispatcher.dispatch(request);
    } catch (RuntimeException | AssertionError e) {
      dispatched = new Dispatcher.Dispatched(OTHER, Router.done(fault(e)));
    }
    String route = dispatched.route();
    var unused =
        dispatched
            .answer()
            .whenCompleteAsync(
                (answer, failure) -> {
                  Answer given = bounded(failure == null ? answer : fault(failure));
                  observer.answered(route, given.status(), (System.nanoTime() - began) / 1e9);
                  write(ctx, request, given);
                },
                ctx.executor());
  }

  /** What went wrong stands in the log, under the id that the client is told, and nowhere else. */
  private static Answer.Whole fault(Throwable failure) {
    Throwable cause = failure;
    if (failure instanceof CompletionException && failure.getCause() != null) {
      cause = failure.getCause();
    }
    if (cause instanceof RejectedExecutionException) {
      return overloaded();
    }
    if (cause instanceof StorageException) { // whoever met it has reported it
      LOG.debug("a request met damage", cause);
      return LedgerReads.DAMAGED.answer();
    }
    String id = UUID.randomUUID().toString();
    LOG.error("a request failed, id {}", id, cause);
    return new Problem(ProblemType.INTERNAL, "see the node's log for the id " + id).answer();
  }

  private static Answer.Whole overloaded() {
    return new Problem(ProblemType.OVERLOADED, "the node has too much to do; try again soon")
        .answer();
  }

  /** A large answer is given only if not too much of others waits to be read by slow clients. */
  private Answer bounded(Answer answer) {
    return !(answer instanceof Answer.Whole whole) || answers.take(weight(whole))
        ? answer
        : overloaded();
  }

  /** What an answer takes of the budget. */
  private static long weight(Answer.Whole answer) {
    int size = answer.body().size();
    return size <= NodeLimits.HTTP_SMALL_ANSWER_BYTES_MAX ? 0 : size;
  }

  private void write(ChannelHandlerContext ctx, HttpMessage request, Answer answer) {
    assembler.release();
    boolean headOnly = request.method().equals("HEAD");
    if (answer instanceof Answer.Whole whole) {
      HttpResponse response = response(whole, headOnly);
      HttpUtil.setKeepAlive(response.headers(), HttpVersion.HTTP_1_1, request.keepAlive());
      ctx.writeAndFlush(response)
          .addListener(
              written -> {
                answers.giveBack(weight(whole));
                if (written.isSuccess() && request.keepAlive()) {
                  timer.answered();
                  next(ctx);
                } else {
                  close(ctx);
                }
              });
    } else if (answer instanceof Answer.Stream stream) {
      stream(ctx, stream, headOnly);
    }
  }

  private static HttpResponse response(Answer.Whole whole, boolean headOnly) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(whole.status()),
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(whole.body().bytes()));
    HttpHeaders headers = common(response.headers());
    if (whole.status() != HttpResponseStatus.NO_CONTENT.code()) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, whole.mediaType());
      headers.set(HttpHeaderNames.CONTENT_LENGTH, whole.body().size());
    }
    whole.headers().forEach(headers::set);
    return response;
  }

  private static HttpHeaders common(HttpHeaders headers) {
    return headers
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("X-Content-Type-Options", "nosniff");
  }

  private void stream(ChannelHandlerContext ctx, Answer.Stream stream, boolean headOnly) {
    closing = true;
    DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    common(head.headers()).set(HttpHeaderNames.CONTENT_TYPE, stream.mediaType());
    HttpUtil.setTransferEncodingChunked(head, true);
    HttpUtil.setKeepAlive(head.headers(), HttpVersion.HTTP_1_1, false);
    var unused = ctx.write(head);
    if (headOnly) {
      ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    ctx.flush();
    stopListening(ctx.channel());
    stream.opened().accept(ctx.channel());
  }

  /** Reads on and drops it, so that the end of the connection is seen. */
  private static void stopListening(Channel channel) {
    channel.pipeline().addFirst(Discard.INSTANCE);
    channel.config().setAutoRead(true);
  }

  /**
   * Answers and closes. What the client still sends is read and dropped for a moment: to close with
   * bytes unread would reset the connection, and with it the answer.
   */
  private void refuse(ChannelHandlerContext ctx, Problem problem) {
    closing = true;
    assembler.release();
    observer.answered(OTHER, problem.type().status(), 0);
    HttpResponse response = response(problem.answer(), false);
    HttpUtil.setKeepAlive(response.headers(), HttpVersion.HTTP_1_1, false);
    ctx.writeAndFlush(response).addListener(written -> linger(ctx));
  }

  private static void linger(ChannelHandlerContext ctx) {
    if (ctx.channel() instanceof SocketChannel socket) {
      var ignored = socket.shutdownOutput();
    }
    stopListening(ctx.channel());
    var unused = ctx.executor().schedule(() -> close(ctx), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
    if (!(cause instanceof IOException)) { // a reset or a timeout is the client's affair
      LOG.warn("a connection failed", cause);
    }
    close(ctx);
  }
}
