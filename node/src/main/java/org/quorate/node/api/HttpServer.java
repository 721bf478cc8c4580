package org.quorate.node.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.quorate.node.NodeLimits;

/** An HTTP/1.1 server over TCP, without TLS, that gives every request to a {@link Dispatcher}. */
final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 512;
  private static final int STOP_MILLIS = 2_000;

  private final HttpLimits limits;
  private final HttpObserver observer;
  private final EventLoopGroup loops;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Budget connections;
  private final Budget bodies;
  private final Budget answers;
  private @Nullable Channel listening;

  HttpServer(String name, int threads, HttpLimits limits, HttpObserver observer) {
    this.limits = limits;
    this.observer = observer;
    this.connections = new Budget(limits.connectionsMax());
    this.bodies = new Budget(limits.bodiesBytesMax());
    this.answers = new Budget(limits.answersBytesMax());
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.loops = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
  }

  /** The threads that serve, for timers and short tasks. */
  EventLoopGroup loops() {
    return loops;
  }

  /**
   * Begins to serve.
   *
   * @throws IOException if the address cannot be listened on, naming it
   */
  void start(InetSocketAddress address, Dispatcher dispatcher) throws IOException {
    Class<? extends ServerChannel> type =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel, dispatcher);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException("cannot listen on " + address + ": " + reason(bound), bound.cause());
    }
    listening = bound.channel();
  }

  private static String reason(ChannelFuture failed) {
    Throwable cause = failed.cause();
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }

  private void accept(Channel channel, Dispatcher dispatcher) {
    channels.add(channel);
    ReceiveTimer timer = new ReceiveTimer(limits);
    RequestAssembler assembler = new RequestAssembler(limits.bodyBytesMax(), bodies);
    HttpConnection connection = new HttpConnection(dispatcher, observer, timer, assembler, answers);
    boolean room = connections.take(1);
    if (room) {
      channel.closeFuture().addListener(closed -> connections.giveBack(1));
    }
    channel
        .pipeline()
        .addLast(new WriteTimeoutHandler(limits.writeMillisMax(), TimeUnit.MILLISECONDS))
        .addLast(new HttpResponseEncoder());
    if (!room) {
      channel.pipeline().addLast(new OneTooMany());
      return;
    }
    channel
        .pipeline()
        .addLast(timer)
        .addLast(
            new HttpRequestDecoder(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(NodeLimits.HTTP_REQUEST_LINE_BYTES_MAX)
                    .setMaxHeaderSize(NodeLimits.HTTP_HEADER_BYTES_MAX)))
        .addLast(assembler)
        .addLast(connection);
  }

  /** Where it listens, with the port that was chosen if 0 was asked for. */
  InetSocketAddress address() {
    Channel open = listening;
    if (open == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) open.localAddress();
  }

  /** Number of open connections. */
  long connections() {
    return connections.taken();
  }

  /** Bytes of request bodies in memory. */
  long bodyBytes() {
    return bodies.taken();
  }

  /** Bytes of large answers that are not written yet. */
  long answerBytes() {
    return answers.taken();
  }

  /** Stops serving: closes the port and every connection. */
  @Override
  public void close() {
    if (listening != null) {
      listening.close().awaitUninterruptibly(STOP_MILLIS);
    }
    channels.close().awaitUninterruptibly(STOP_MILLIS);
    loops.shutdownGracefully(0, STOP_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
