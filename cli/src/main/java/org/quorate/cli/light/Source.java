package org.quorate.cli.light;

import java.util.Optional;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;

/** A node during one sync, and what is held of it. Owned by one thread. */
final class Source {
  private final NodeClient client;
  private Optional<String> complaint = Optional.empty();
  private boolean reached;
  private boolean finished;
  private long end = Long.MAX_VALUE;

  Source(NodeClient client) {
    this.client = client;
  }

  NodeClient client() {
    return client;
  }

  NodeEndpoint node() {
    return client.node();
  }

  /** It is not asked again in this sync. */
  void drop(String why, boolean answered) {
    complaint = Optional.of(why);
    reached |= answered;
  }

  boolean live() {
    return complaint.isEmpty();
  }

  /** Why it was dropped. */
  Optional<String> complaint() {
    return complaint;
  }

  /** Whether it answered at all. */
  boolean reached() {
    return reached || live();
  }

  /** It has told that its chain ends at that height. */
  void finish(long height) {
    finished = true;
    end = height;
  }

  boolean finished() {
    return finished;
  }

  /** It is asked for headers again. */
  void resume() {
    finished = false;
    end = Long.MAX_VALUE;
  }

  /** Where its chain ended when it was last asked beyond that; without limit if it never was. */
  long end() {
    return end;
  }
}
