package org.quorate.node.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Dials one peer for as long as there is no link to it, with growing pauses. Of a pair the end with
 * the higher index begins a little later, so that both seldom dial at once. Owned by the event
 * loop; names are looked up on another thread, since that may block.
 */
final class Dialer {
  private final ReplicaId peer;
  private final PeerContext context;
  private final EventLoop loop;
  private final Executor resolver;
  private final Supplier<InetSocketAddress> address;
  private final Bootstrap bootstrap;
  private final Backoff backoff;
  private final int handicapMillis;
  private boolean busy;
  private boolean stopped;
  private long linkedNanos;
  private @Nullable Channel dialing;

  /**
   * @param bootstrap makes a connection that greets this peer
   */
  Dialer(
      ReplicaId peer,
      PeerContext context,
      EventLoop loop,
      Executor resolver,
      Supplier<InetSocketAddress> address,
      Bootstrap bootstrap) {
    this.peer = peer;
    this.context = context;
    this.loop = loop;
    this.resolver = resolver;
    this.address = address;
    this.bootstrap = bootstrap;
    this.backoff =
        new Backoff(
            context.limits().backoffMillis(),
            context.limits().backoffMillisMax(),
            ThreadLocalRandom.current());
    this.handicapMillis =
        peer.compareTo(context.self()) < 0 ? context.limits().higherWaitsMillis() : 0;
  }

  void start() {
    attemptIn(handicapMillis);
  }

  void stop() {
    stopped = true;
    if (dialing != null) {
      var unused = dialing.close();
    }
  }

  /** There is a link. */
  void linked() {
    linkedNanos = System.nanoTime();
  }

  /** The link ended. A link that held for a while was a good one: begin with a short pause. */
  void unlinked() {
    long heldMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - linkedNanos);
    if (heldMillis >= context.limits().backoffMillisMax()) {
      backoff.reset();
    }
    attemptIn(backoff.pauseMillis() + handicapMillis);
  }

  private void attemptIn(int millis) {
    if (!busy && !stopped) {
      busy = true;
      var unused = Later.run(loop, millis, this::attempt);
    }
  }

  private void attempt() {
    if (stopped || context.links().link(peer) != null) {
      busy = false;
      return;
    }
    InetSocketAddress wanted = address.get();
    if (!wanted.isUnresolved()) {
      connect(wanted);
      return;
    }
    resolver.execute(
        () -> {
          InetSocketAddress found = new InetSocketAddress(wanted.getHostString(), wanted.getPort());
          loop.execute(() -> connect(found));
        });
  }

  private void connect(InetSocketAddress to) {
    if (stopped || context.links().link(peer) != null) {
      busy = false;
    } else if (to.isUnresolved()) {
      failed("its address " + to.getHostString() + " is unknown");
    } else {
      ChannelFuture connected = bootstrap.connect(to);
      Channel channel = connected.channel();
      dialing = channel;
      connected.addListener(
          done -> {
            if (done.isSuccess()) {
              channel.closeFuture().addListener(closed -> failed(null));
            } else {
              failed(reason(to, done.cause()));
            }
          });
    }
  }

  private static String reason(InetSocketAddress to, Throwable cause) {
    boolean nobodyThere =
        cause instanceof ConnectException && !(cause instanceof ConnectTimeoutException);
    return nobodyThere ? "nobody listens on " + to : to + ": " + String.valueOf(cause.getMessage());
  }

  /** The attempt is over, or the link that it led to. */
  private void failed(@Nullable String why) {
    busy = false;
    dialing = null;
    if (why != null && !stopped) {
      context.refusals().unreachable(context.name(peer), why);
    }
    if (context.links().link(peer) == null) {
      attemptIn(backoff.pauseMillis() + handicapMillis);
    }
  }
}
