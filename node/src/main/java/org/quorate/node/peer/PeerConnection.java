package org.quorate.node.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.quorate.ledger.membership.ReplicaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live link to a peer that has shown who it is: payloads in both directions, and a ping now and
 * then. {@link Greeting} makes it. Owned by the event loop, but for {@link #send}.
 */
final class PeerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(PeerConnection.class);
  private static final int CHUNK_BYTES = 1 << 16;

  private final PeerContext context;
  private final ReplicaId peer;
  private final LinkTable.Origin origin;
  private final Channel channel;
  private final FrameReader reader;
  private final OutboundQueue queue;
  private final AtomicBoolean drainDue = new AtomicBoolean();
  private boolean draining;
  private long lastReadNanos = System.nanoTime();

  /**
   * @param reader of the greeting, in the middle of a stream
   */
  PeerConnection(
      PeerContext context,
      ReplicaId peer,
      LinkTable.Origin origin,
      Channel channel,
      FrameReader reader) {
    this.context = context;
    this.peer = peer;
    this.origin = origin;
    this.channel = channel;
    this.reader = reader;
    this.queue = new OutboundQueue(context.limits(), context.metrics());
  }

  LinkTable.Origin origin() {
    return origin;
  }

  String remote() {
    return String.valueOf(channel.remoteAddress());
  }

  /** Any thread: see {@link PeerNetwork#send}. */
  boolean send(byte[] payload) {
    if (!queue.offer(payload)) {
      return false;
    }
    // One task for all that is sent until it runs: so many small messages share one flush.
    if (drainDue.compareAndSet(false, true)) {
      try {
        channel.eventLoop().execute(this::drain);
      } catch (RejectedExecutionException e) {
        queue.close(); // the network is closing; what waits is counted as dropped
      }
    }
    return true;
  }

  /** The greeting is done. */
  void start() {
    reader.greetingDone();
    lastReadNanos = System.nanoTime();
    context.links().put(peer, this);
    log.info("linked to {} at {}", context.name(peer), remote());
    var unused = Later.run(channel.eventLoop(), context.limits().pingMillis(), this::tick);
  }

  private void tick() {
    if (!channel.isActive()) {
      return;
    }
    if (silentFor(context.limits().silenceMillis())) {
      end(Refusal.TIMEOUT, "nothing came from it for " + context.limits().silenceMillis() + " ms");
      return;
    }
    queue.ping();
    drain();
    var unused = Later.run(channel.eventLoop(), context.limits().pingMillis(), this::tick);
  }

  /**
   * Somebody else says to be this peer. If the peer only came back, and the link is a ruin, it does
   * not answer and is closed, so that the next attempt succeeds.
   */
  void probe() {
    queue.ping();
    drain();
    int millis = context.limits().probeMillis();
    long asked = System.nanoTime();
    var unused =
        Later.run(
            channel.eventLoop(),
            millis,
            () -> {
              if (channel.isActive() && lastReadNanos - asked < 0) {
                end(Refusal.TIMEOUT, "it did not answer within " + millis + " ms");
              }
            });
  }

  private boolean silentFor(int millis) {
    return System.nanoTime() - lastReadNanos > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  void end(Refusal reason, String why) {
    String name = context.name(peer);
    context
        .refusals()
        .refused(reason, name, "closed the link to " + name + " at " + remote() + ": " + why);
    close();
  }

  void close() {
    queue.close();
    var unused = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    lastReadNanos = System.nanoTime();
    ByteBuf in = (ByteBuf) message;
    try {
      if (ctx.channel().isActive()) {
        reader.read(in, this::received);
      }
    } catch (BadFrameException e) {
      end(Refusal.BAD_FRAME, String.valueOf(e.getMessage()));
    } finally {
      ReferenceCountUtil.release(in);
    }
  }

  /** Takes a frame; the greeting hands over those that came with the Hello. */
  void received(int kind, byte[] body) throws BadFrameException {
    switch (kind) {
      case FrameReader.PAYLOAD -> {
        context.metrics().frameReceived(FrameReader.HEADER_BYTES + body.length);
        context.listener().received(peer, body);
      }
      case FrameReader.PING -> {
        queue.pong();
        drain();
      }
      case FrameReader.PONG -> {} // that it came is all it says
      default -> throw new BadFrameException("a frame of kind " + kind + " after the greeting");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    drain();
  }

  /** Writes as much as the connection takes, then flushes once. */
  private void drain() {
    drainDue.set(false);
    if (draining) {
      return; // a flush below told us that there is room again; the loop goes on
    }
    draining = true;
    try {
      while (channel.isWritable() && !queue.isEmpty()) {
        while (channel.isWritable() && !queue.isEmpty()) {
          long wanted = queue.bytes() + 16L * FrameReader.HEADER_BYTES;
          ByteBuf out =
              channel.alloc().heapBuffer((int) Math.min(wanted, CHUNK_BYTES), CHUNK_BYTES);
          queue.fill(out);
          var unused = channel.write(out);
        }
        channel.flush();
      }
    } finally {
      draining = false;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    queue.close();
    if (context.links().remove(peer, this)) {
      log.info("the link to {} at {} ended", context.name(peer), remote());
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (TlsFailure.isConnectionLost(cause)) {
      log.debug("the link to {} broke", context.name(peer), cause);
      close();
      return;
    }
    TlsFailure failure = TlsFailure.of(cause);
    if (failure != null) {
      end(failure.reason(), failure.why());
      return;
    }
    log.error(
        "closing the link to {}: the node failed to take a message", context.name(peer), cause);
    close();
  }
}
