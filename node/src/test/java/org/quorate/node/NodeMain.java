package org.quorate.node;

import java.nio.file.Path;

/** A node as a process of its own, for measurements: the argument is its folder. */
final class NodeMain {
  private NodeMain() {}

  public static void main(String[] arguments) throws Exception {
    try (Node node = Node.start(NodeConfig.read(Path.of(arguments[0])), "measured")) {
      System.exit(node.awaitEnd());
    }
  }
}
