package org.quorate.node.api;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts head and body of a request together: an {@link HttpMessage} for each, or a {@link Problem}
 * for the one that cannot be, after which the connection is good for nothing more. A body's bytes
 * are counted against the share of all connections as they arrive, not as they are announced.
 *
 * <p>It reads from the socket only while the next request is asked for. Owned by the connection's
 * event loop.
 */
final class RequestAssembler extends ChannelInboundHandlerAdapter {
  private final int bodyBytesMax;
  private final Budget bodies;
  private @Nullable HttpRequest head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private long held;

  /** Parts of requests after the one that is being answered: of one read from the socket. */
  private final Queue<HttpObject> ahead = new ArrayDeque<>();

  /** Whether the next request is asked for. */
  private boolean wanted;

  RequestAssembler(int bodyBytesMax, Budget bodies) {
    this.bodyBytesMax = bodyBytesMax;
    this.bodies = bodies;
  }

  /** Asks for the next request. */
  void next(ChannelHandlerContext ctx) {
    wanted = true;
    drain(ctx);
    if (wanted) {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ahead.add((HttpObject) message);
    drain(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (wanted) {
      ctx.read();
    }
  }

  private void drain(ChannelHandlerContext ctx) {
    while (wanted && !ahead.isEmpty()) {
      HttpObject part = ahead.remove();
      try {
        take(ctx, part);
      } finally {
        ReferenceCountUtil.release(part);
      }
    }
  }

  private void take(ChannelHandlerContext ctx, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      refuse(ctx, malformed(part.decoderResult().cause()));
      return;
    }
    if (part instanceof HttpRequest request && !begin(ctx, request)) {
      return;
    }
    if (part instanceof HttpContent content && !append(ctx, content.content())) {
      return;
    }
    if (part instanceof LastHttpContent) {
      complete(ctx);
    }
  }

  private static Problem malformed(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Problem(ProblemType.REQUEST_LINE_TOO_LONG, "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return new Problem(ProblemType.HEADERS_TOO_LARGE, "the headers are too large");
    }
    return new Problem(ProblemType.MALFORMED_REQUEST, "this is not HTTP/1.1");
  }

  private boolean begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = request;
    body = new ByteArrayOutputStream(0);
    if (HttpUtil.getContentLength(request, 0L) > bodyBytesMax) {
      refuse(ctx, tooLarge());
      return false;
    }
    if (HttpUtil.is100ContinueExpected(request)) {
      var unused =
          ctx.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
    return true;
  }

  private boolean append(ChannelHandlerContext ctx, ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (more > bodyBytesMax - body.size()) {
      refuse(ctx, tooLarge());
      return false;
    }
    if (!bodies.take(more)) {
      refuse(ctx, new Problem(ProblemType.OVERLOADED, "too many bodies at a time"));
      return false;
    }
    held += more;
    try {
      bytes.readBytes(body, more);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written to", e);
    }
    return true;
  }

  private Problem tooLarge() {
    return new Problem(
        ProblemType.BODY_TOO_LARGE, "a body has at most " + bodyBytesMax + " bytes here");
  }

  private void complete(ChannelHandlerContext ctx) {
    HttpRequest request = head;
    if (request == null) {
      throw new AssertionError("the decoder ends no request that it did not begin");
    }
    head = null;
    wanted = false;
    ctx.fireChannelRead(
        new HttpMessage(
            request.method().name(),
            request.uri(),
            request.headers(),
            HttpUtil.isKeepAlive(request),
            new Body(body.toByteArray())));
    body = new ByteArrayOutputStream(0);
  }

  private void refuse(ChannelHandlerContext ctx, Problem problem) {
    wanted = false;
    body = new ByteArrayOutputStream(0);
    ctx.fireChannelRead(problem);
  }

  /** The request's body is not needed any more. */
  void release() {
    bodies.giveBack(held);
    held = 0;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    release();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
  }
}
