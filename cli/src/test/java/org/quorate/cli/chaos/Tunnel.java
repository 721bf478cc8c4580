package org.quorate.cli.chaos;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One proxied connection: two sockets and a pump for each direction. */
final class Tunnel {
  private final Socket dialer;
  private final Socket target;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ended;

  /**
   * @param out the link from who dialed
   * @param back the link of the answers
   */
  Tunnel(Socket dialer, Socket target, Link out, Link back, long seed) {
    this.dialer = dialer;
    this.target = target;
    Pump outgoing = new Pump(out, new Random(seed));
    Pump incoming = new Pump(back, new Random(~seed));
    add("read-out", () -> outgoing.read(dialer));
    add("write-out", () -> outgoing.write(target));
    add("read-back", () -> incoming.read(target));
    add("write-back", () -> incoming.write(dialer));
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private void add(String name, Work work) {
    boolean last = name.startsWith("write");
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException e) {
                end(false); // the connection is over: that is all there is to say
              }
              if (last) {
                end(false);
              }
            },
            "proxy-" + name);
    thread.setDaemon(true);
    threads.add(thread);
  }

  void start() {
    threads.forEach(Thread::start);
  }

  boolean ended() {
    return ended;
  }

  /** Ends both connections, with RST if they are to be reset. */
  void end(boolean reset) {
    ended = true;
    close(dialer, reset);
    close(target, reset);
    threads.forEach(Thread::interrupt);
  }

  static void close(Socket socket, boolean reset) {
    try (socket) {
      if (reset && !socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      return; // it is closed already
    }
  }
}
