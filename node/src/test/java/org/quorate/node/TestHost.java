package org.quorate.node;

/** The machine's clock and threads; what a thread throws fails that thread alone. */
final class TestHost {
  static final NodeThreads MACHINE =
      new NodeThreads(
          "test",
          failure -> {
            throw new AssertionError(failure);
          });

  private TestHost() {}
}
