package org.quorate.cli.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one node that dials and another that is dialed, on a port of its own. One thread
 * accepts, and carries out what the weather says of connections; the tunnels do the rest.
 */
final class Proxy implements AutoCloseable {
  private static final int TICK_MILLIS = 20;
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
  private static final int BACKLOG = 64;

  private final InetSocketAddress listen;
  private final InetSocketAddress target;
  private final Link out;
  private final Link back;
  private final Random random;
  private final List<Tunnel> tunnels = new CopyOnWriteArrayList<>();
  private final Thread acceptor = new Thread(this::run, "proxy-accept");
  private volatile boolean closed;
  private @Nullable ServerSocket server;

  /**
   * @param port where to listen, on the loopback address
   * @param out the link from who dials to {@code target}
   * @param back the link of the answers
   */
  Proxy(int port, InetSocketAddress target, Link out, Link back, long seed) {
    this.listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.target = target;
    this.out = out;
    this.back = back;
    this.random = new Random(seed);
    acceptor.setDaemon(true);
  }

  void start() throws IOException {
    server = open();
    acceptor.start();
  }

  private ServerSocket open() throws IOException {
    ServerSocket opened = new ServerSocket();
    opened.setReuseAddress(true);
    opened.setSoTimeout(TICK_MILLIS);
    opened.bind(listen, BACKLOG);
    return opened;
  }

  private void run() {
    while (!closed) {
      try {
        turn();
      } catch (IOException e) {
        // Whoever dialed went away, or the port is not free again yet: the next turn will tell.
        pause();
      }
    }
  }

  private void turn() throws IOException {
    tunnels.removeIf(Tunnel::ended);
    LinkWeather.Reach reach = out.weather().reach();
    if (out.weather().cut()) {
      tunnels.forEach(tunnel -> tunnel.end(true));
    }
    if (reach == LinkWeather.Reach.REFUSED) {
      closeServer();
      pause();
      return;
    }
    if (server == null) {
      server = open();
    }
    accept(server);
  }

  private void accept(ServerSocket from) throws IOException {
    Socket dialer;
    try {
      dialer = from.accept();
    } catch (SocketTimeoutException e) {
      return;
    }
    if (out.weather().cut()) {
      Tunnel.close(dialer, true);
      return;
    }
    Socket onward = new Socket();
    try {
      onward.connect(target, CONNECT_TIMEOUT_MILLIS);
      onward.setTcpNoDelay(true);
      dialer.setTcpNoDelay(true);
    } catch (IOException e) {
      Tunnel.close(onward, true);
      Tunnel.close(dialer, true); // as if nobody had listened here
      return;
    }
    Tunnel tunnel = new Tunnel(dialer, onward, out, back, random.nextLong());
    tunnels.add(tunnel);
    tunnel.start();
  }

  private static void pause() {
    try {
      Thread.sleep(TICK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeServer() throws IOException {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ends within a tick all the same
    }
    closeServer();
    tunnels.forEach(tunnel -> tunnel.end(false));
  }
}
