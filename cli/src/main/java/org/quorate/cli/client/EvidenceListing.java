package org.quorate.cli.client;

import java.util.List;

/**
 * A page of the evidence that a node says to hold.
 *
 * @param total how many pieces it says to hold in all
 */
public record EvidenceListing(long total, List<Entry> entries) {
  public EvidenceListing {
    entries = List.copyOf(entries);
  }

  /** Whether this may be the id of a piece of evidence. */
  public static boolean isId(String text) {
    return text.matches("[a-z0-9-]{1,80}");
  }

  /** A piece of evidence: its id at the node, what it shows, and whom it accuses. */
  public record Entry(String id, String kind, List<String> validators) {
    public Entry {
      validators = List.copyOf(validators);
    }
  }
}
