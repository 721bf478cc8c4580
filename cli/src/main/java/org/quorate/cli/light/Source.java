package org.quorate.cli.light;

import java.time.Duration;
import java.util.Optional;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;

/** A node during one sync, and what is held of it. Owned by one thread. */
final class Source {
  /** One answer of headers takes milliseconds; a far or busy node some hundred. */
  static final Duration SLOW = Duration.ofSeconds(1);

  private final NodeClient client;
  private Optional<String> complaint = Optional.empty();
  private boolean reached;
  private boolean finished;
  private boolean slow;
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

  /** Notes how long it took to answer. */
  void took(Duration elapsed) {
    slow |= elapsed.compareTo(SLOW) > 0;
  }

  /** Whether it was slow once. */
  boolean slow() {
    return slow;
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
