package org.quorate.cli.network;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that runs a network of fake nodes until it is killed: the parent in a test. */
final class FakeNetwork {
  static final List<String> PROGRAM = List.of(FakeNode.class.getName());

  private FakeNetwork() {}

  public static void main(String[] args) throws Exception {
    try (RunningNetwork network =
        RunningNetwork.start(Path.of(args[0]), RunOptions.DEFAULTS, PROGRAM)) {
      System.out.println("ready " + network.size());
      new CountDownLatch(1).await();
    }
  }
}
