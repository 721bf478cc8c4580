package org.quorate.node.evidence;

/**
 * How much evidence is kept.
 *
 * @param perValidator contradictions of one validator: one is enough, and it can make any number
 * @param conflicts forks, and as many divergences: after the first fork the node stops each time
 *     that it sees it again, and divergences are put here by hand
 * @param total pieces of evidence in all
 * @param newViews NEW-VIEWs of the last views entered, which show who forgot a COMMIT
 */
public record EvidenceLimits(int perValidator, int conflicts, int total, int newViews) {
  /** Those of a node. */
  public static final EvidenceLimits DEFAULTS = new EvidenceLimits(16, 4, 1_024, 64);
}
