package org.quorate.node.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time that a client takes: a connection that begins no request is closed after a while;
 * a request that has begun must be complete after a much shorter one, however its bytes trickle.
 * Stands before the decoder, where the bytes come in. Owned by the connection's event loop.
 */
final class ReceiveTimer extends ChannelInboundHandlerAdapter {
  /** Told to the handlers behind when a request took too long. */
  static final Object REQUEST_TIMEOUT = new Object();

  private static final int CHECKS_PER_LIMIT = 10;

  private enum State {
    IDLE,
    RECEIVING,
    ANSWERING
  }

  private final HttpLimits limits;
  private State state = State.IDLE;
  private long sinceNanos;
  private @Nullable Future<?> checks;

  ReceiveTimer(HttpLimits limits) {
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    sinceNanos = System.nanoTime();
    int period =
        Math.max(1, Math.min(limits.idleMillisMax(), limits.requestMillisMax()) / CHECKS_PER_LIMIT);
    checks =
        ctx.executor().scheduleAtFixedRate(() -> check(ctx), period, period, TimeUnit.MILLISECONDS);
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  private void stop() {
    if (checks != null) {
      checks.cancel(false);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.IDLE) {
      state = State.RECEIVING;
      sinceNanos = System.nanoTime();
    }
    ctx.fireChannelRead(message);
  }

  /** The request is complete: from now on the client waits for us. */
  void requestComplete() {
    state = State.ANSWERING;
  }

  /** The answer is written: from now on we wait for the client. */
  void answered() {
    state = State.IDLE;
    sinceNanos = System.nanoTime();
  }

  private void check(ChannelHandlerContext ctx) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
    if (state == State.IDLE && millis > limits.idleMillisMax()) {
      var unused = ctx.close();
    } else if (state == State.RECEIVING && millis > limits.requestMillisMax()) {
      state = State.ANSWERING;
      ctx.fireUserEventTriggered(REQUEST_TIMEOUT);
    }
  }
}
