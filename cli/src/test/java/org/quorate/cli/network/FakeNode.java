package org.quorate.cli.network;

import com.sun.net.httpserver.HttpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.quorate.genesis.NodeFile;

/**
 * Stands in for {@code quorate node start}: answers {@code /ready} on the node's API port and ends
 * when its standard input closes. A file {@code fails} in its folder has it end at once with status
 * 4, a file {@code never-ready} has it say 503.
 */
final class FakeNode {
  private FakeNode() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    if (!args[0].equals("--dir") || !args[2].equals("--stop-on-stdin-close")) {
      throw new IllegalArgumentException(String.join(" ", args));
    }
    if (Files.exists(folder.resolve("fails"))) {
      System.err.println("the data folder belongs to another chain");
      System.exit(4);
    }
    int status = Files.exists(folder.resolve("never-ready")) ? 503 : 200;
    NodeFile file = NodeFile.read(folder.resolve("node.json"));
    HttpServer server = HttpServer.create(file.apiListen().resolve(), 0);
    server.createContext(
        "/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    System.out.println("ready");
    System.in.transferTo(System.err);
    System.exit(0);
  }
}
