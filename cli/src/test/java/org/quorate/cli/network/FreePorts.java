package org.quorate.cli.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/** Ports for a network in a test. */
public final class FreePorts {
  private static final int FIRST = 15_000;
  private static final int STEP = 300;
  private static final int CANDIDATES = 50;

  private FreePorts() {}

  /** A base port from which a network of {@code n} nodes finds all its ports free right now. */
  public static int base(int n) {
    int start = (int) (ProcessHandle.current().pid() % CANDIDATES);
    return IntStream.range(0, CANDIDATES)
        .map(i -> FIRST + (start + i) % CANDIDATES * STEP)
        .filter(
            base -> IntStream.range(0, 3 * n).allMatch(i -> free(base + i % 3 * 100 + 1 + i / 3)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no base port is free"));
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
