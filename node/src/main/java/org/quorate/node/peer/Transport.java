package org.quorate.node.peer;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The one event loop of the links, on Linux's epoll where there is one. One thread is enough:
 * handshakes are done elsewhere, and AES runs faster than any network a validator has.
 */
record Transport(
    MultiThreadIoEventLoopGroup group,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends SocketChannel> channel) {
  static Transport open() {
    return Epoll.isAvailable()
        ? new Transport(
            group(EpollIoHandler.newFactory()),
            EpollServerSocketChannel.class,
            EpollSocketChannel.class)
        : new Transport(
            group(NioIoHandler.newFactory()), NioServerSocketChannel.class, NioSocketChannel.class);
  }

  private static MultiThreadIoEventLoopGroup group(IoHandlerFactory factory) {
    return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("peer-io", true), factory);
  }

  EventLoop loop() {
    return group.next();
  }
}
