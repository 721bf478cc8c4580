package org.quorate.node.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;

/**
 * The links of one validator to all others. It listens and dials until there is one link to each
 * peer, over TLS 1.3 with the validators' own keys, and again whenever a link ends. Payloads are
 * delivered in order while a link lasts; those on the way when it ends are lost, and the protocol
 * above must ask again.
 *
 * <p>{@link #send}, {@link #connected} and {@link #close} may be called from any thread.
 */
public final class PeerNetwork implements AutoCloseable {
  /** The longest payload, in bytes. */
  public static final int PAYLOAD_BYTES_MAX = PeerLimits.PAYLOAD_BYTES_MAX;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  private final PeerContext context;
  private final Function<ReplicaId, InetSocketAddress> addresses;
  private final InetSocketAddress listen;
  private final TlsIdentity identity;
  private final Transport transport = Transport.open();
  private final ChannelGroup channels;
  private final ConnectionCap cap;
  private final Map<ReplicaId, Dialer> dialers = new TreeMap<>();
  private final ExecutorService handshakes = single("peer-handshake");
  private final ExecutorService resolver = single("peer-resolver");
  private @Nullable Channel server;

  /**
   * Takes what comes over the links. Called by the event loop, one call at a time, and for each
   * peer in the order {@code connected, received*, disconnected}; must return at once and not
   * throw: what it throws is logged and costs the link.
   */
  public interface Listener {
    /** There is a link to this peer. */
    void connected(ReplicaId peer);

    /** The link to this peer ended; the network dials again by itself. */
    void disconnected(ReplicaId peer);

    /** A payload came; the receiver owns the array. */
    void received(ReplicaId from, byte[] payload);
  }

  /**
   * @param self which validator of the chain this node is
   * @param key that validator's key
   * @param addresses where each other validator listens; asked again for every attempt, its names
   *     are then looked up again too
   * @param listen where to listen; port 0 is any free one
   * @throws IllegalArgumentException if the key is not that of {@code self}
   */
  public PeerNetwork(
      ChainSpec chain,
      ReplicaId self,
      SigningKey key,
      Function<ReplicaId, InetSocketAddress> addresses,
      InetSocketAddress listen,
      Listener listener,
      PeerMetrics metrics) {
    this(chain, self, key, addresses, listen, listener, metrics, PeerLimits.DEFAULTS);
  }

  PeerNetwork(
      ChainSpec chain,
      ReplicaId self,
      SigningKey key,
      Function<ReplicaId, InetSocketAddress> addresses,
      InetSocketAddress listen,
      Listener listener,
      PeerMetrics metrics,
      PeerLimits limits) {
    if (!chain.validators().contains(self)
        || !chain.validators().validator(self).publicKey().equals(key.publicKey())) {
      throw new IllegalArgumentException("the key is not that of " + self);
    }
    Listener watched = watched(listener);
    this.context =
        new PeerContext(
            chain,
            self,
            new SecureRandom().nextLong(),
            limits,
            metrics,
            new RefusalLog(metrics, System::nanoTime),
            new LinkTable(watched, metrics),
            watched);
    this.addresses = addresses;
    this.listen = listen;
    this.identity = TlsIdentity.of(key, chain);
    this.channels = new DefaultChannelGroup(transport.loop(), true);
    this.cap =
        new ConnectionCap(limits.unauthenticatedMax(), limits.unauthenticatedPerAddressMax());
  }

  /** Tells the dialers what the owner is told. */
  private Listener watched(Listener listener) {
    return new Listener() {
      @Override
      public void connected(ReplicaId peer) {
        dialer(peer).linked();
        listener.connected(peer);
      }

      @Override
      public void disconnected(ReplicaId peer) {
        dialer(peer).unlinked();
        listener.disconnected(peer);
      }

      @Override
      public void received(ReplicaId from, byte[] payload) {
        listener.received(from, payload);
      }
    };
  }

  private Dialer dialer(ReplicaId peer) {
    Dialer dialer = dialers.get(peer);
    if (dialer == null) {
      throw new AssertionError("no dialer for " + peer);
    }
    return dialer;
  }

  /**
   * Listens, and begins to dial.
   *
   * @throws IOException if the address cannot be listened on; it names the address
   */
  public void start() throws IOException {
    for (ReplicaId peer : context.chain().validators().replicas()) {
      if (!peer.equals(context.self())) {
        dialers.put(
            peer,
            new Dialer(
                peer,
                context,
                transport.loop(),
                resolver,
                () -> addresses.apply(peer),
                outgoing(peer)));
      }
    }
    ChannelFuture bound = incoming().bind(listen).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(
          "cannot listen for peers on "
              + listen
              + ": "
              + String.valueOf(bound.cause().getMessage()),
          bound.cause());
    }
    server = bound.channel();
    channels.add(bound.channel());
    transport.loop().execute(() -> dialers.values().forEach(Dialer::start));
  }

  /** Where it listens, with the port that was found if port 0 was asked for. */
  public InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) server.localAddress();
  }

  /**
   * Sends a payload to a peer, never blocks. The payload is not copied and must not be changed.
   *
   * @return false if there is no link or too much waits already; the payload is dropped and counted
   * @throws IllegalArgumentException if it is longer than {@link #PAYLOAD_BYTES_MAX}
   */
  public boolean send(ReplicaId to, byte[] payload) {
    if (payload.length > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "a payload has at most " + PAYLOAD_BYTES_MAX + " bytes, not " + payload.length);
    }
    PeerConnection link = context.links().link(to);
    boolean queued = link != null && link.send(payload);
    if (!queued) {
      context.metrics().messageDropped();
    }
    return queued;
  }

  /** The peers to which there is a link now. */
  public SortedSet<ReplicaId> connected() {
    return context.links().connected();
  }

  /** Ends all links and stops listening; waits until the event loop has ended, a few seconds. */
  @Override
  public void close() {
    if (!transport.group().isShuttingDown()) {
      transport.loop().submit(() -> dialers.values().forEach(Dialer::stop)).awaitUninterruptibly();
      channels.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
    transport
        .group()
        .shutdownGracefully(0, 2, TimeUnit.SECONDS)
        .awaitUninterruptibly(5, TimeUnit.SECONDS);
    handshakes.shutdown();
    resolver.shutdown();
  }

  private ServerBootstrap incoming() {
    return new ServerBootstrap()
        .group(transport.group())
        .channel(transport.serverChannel())
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 128)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accept(channel);
              }
            });
  }

  private void accept(SocketChannel channel) {
    InetAddress address = channel.remoteAddress().getAddress();
    if (!cap.acquire(address)) {
      String host = address.getHostAddress();
      context
          .refusals()
          .refused(
              Refusal.TOO_MANY_CONNECTIONS,
              host,
              "refused a connection from "
                  + host
                  + ": too many that have not shown who they are, "
                  + cap.total()
                  + " in all");
      var unused = channel.close();
      return;
    }
    Runnable release =
        new Runnable() {
          private boolean released;

          @Override
          public void run() {
            if (!released) {
              released = true;
              cap.release(address);
            }
          }
        };
    channel.closeFuture().addListener(closed -> release.run());
    equip(channel, identity.server(), new Greeting(context, null, release));
  }

  private Bootstrap outgoing(ReplicaId peer) {
    return new Bootstrap()
        .group(transport.group())
        .channel(transport.channel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                equip(channel, identity.client(), new Greeting(context, peer, () -> {}));
              }
            });
  }

  private void equip(SocketChannel channel, SslContext tls, Greeting greeting) {
    channels.add(channel);
    // Strangers' handshakes cost a thread of their own, not the one that serves the links.
    SslHandler handler = tls.newHandler(channel.alloc(), handshakes);
    handler.setHandshakeTimeoutMillis(0); // the greeting's deadline covers it
    handler.setCloseNotifyFlushTimeoutMillis(1_000);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(handler);
    pipeline.addLast(greeting);
  }

  private static ExecutorService single(String name) {
    return Executors.newSingleThreadExecutor(new DefaultThreadFactory(name, true));
  }
}
