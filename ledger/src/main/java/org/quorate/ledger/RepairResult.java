package org.quorate.ledger;

import java.util.List;
import org.quorate.ledger.store.Table;

/**
 * What came of an attempt to repair what is stored of a block.
 *
 * @param accepted whether the block that was offered is the one of its height here; if not, nothing
 *     was written
 * @param written how many entries of the store were written anew
 * @param lost the tables of which the block's entry still cannot be read; transaction records are
 *     counted with the receipts that they hold
 */
public record RepairResult(boolean accepted, int written, List<Table> lost) {
  static final RepairResult REFUSED = new RepairResult(false, 0, List.of());

  public RepairResult {
    lost = List.copyOf(lost);
  }

  /** Whether all that is kept of the block can be read now. */
  public boolean whole() {
    return accepted && lost.isEmpty();
  }
}
