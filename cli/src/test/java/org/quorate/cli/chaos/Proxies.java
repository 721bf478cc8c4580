package org.quorate.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.NodeFile;

/**
 * A proxy for each ordered pair of nodes, and the nodes told to dial them: whoever dials node t
 * from node d goes through a port that only d knows.
 */
final class Proxies implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  /** Between the peer ports and the API ports of a network on one machine. */
  private static final int PORTS_ABOVE_BASE = 20;

  private final List<Proxy> proxies = new ArrayList<>();

  private Proxies() {}

  /** Puts them between the nodes of a network that does not run yet. */
  static Proxies between(NetworkFolder network, int basePort, Links links, long seed)
      throws IOException, GenesisException {
    Random random = new Random(seed);
    Proxies made = new Proxies();
    List<HostPort> peers = network.genesis().peerAddresses();
    for (int dialer = 0; dialer < peers.size(); dialer++) {
      SortedMap<String, HostPort> addresses = new TreeMap<>();
      for (int target = 0; target < peers.size(); target++) {
        if (target != dialer) {
          int port = basePort + PORTS_ABOVE_BASE + dialer * peers.size() + target;
          made.proxies.add(
              new Proxy(
                  port,
                  peers.get(target).resolve(),
                  links.link(dialer, target),
                  links.link(target, dialer),
                  random.nextLong()));
          addresses.put("node" + target, new HostPort(LOOPBACK, port));
        }
      }
      tell(network.nodeFolder(dialer).resolve("node.json"), addresses);
    }
    return made;
  }

  private static void tell(Path file, SortedMap<String, HostPort> addresses)
      throws IOException, GenesisException {
    NodeFile told = NodeFile.read(file).withPeerAddresses(addresses);
    Files.delete(file);
    told.write(file);
  }

  void start() throws IOException {
    for (Proxy proxy : proxies) {
      proxy.start();
    }
  }

  @Override
  public void close() throws IOException {
    for (Proxy proxy : proxies) {
      proxy.close();
    }
  }
}
