package org.quorate.cli.chaos;

import java.util.ArrayList;
import java.util.List;

/** The links of every ordered pair of nodes. */
final class Links {
  private final int nodes;
  private final List<Link> links = new ArrayList<>();

  Links(int nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes * nodes; i++) {
      links.add(new Link());
    }
  }

  Link link(int from, int to) {
    if (from == to) {
      throw new IllegalArgumentException("a node has no link to itself");
    }
    return links.get(from * nodes + to);
  }

  void clear() {
    links.forEach(link -> link.set(LinkWeather.CLEAR));
  }

  /** How many bits arrived wrong, over all links. */
  long flips() {
    return links.stream().mapToLong(Link::flips).sum();
  }

  /** How many on average would have: few if nobody spoke meanwhile. */
  double flipsExpected() {
    return links.stream().mapToDouble(Link::flipsExpected).sum();
  }
}
