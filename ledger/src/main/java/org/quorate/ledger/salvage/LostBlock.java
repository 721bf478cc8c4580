package org.quorate.ledger.salvage;

import java.util.List;
import org.quorate.ledger.store.Table;

/**
 * A block of which something could not be saved.
 *
 * @param tables whose entry of the block is lost; of records of transactions one or more
 */
public record LostBlock(long height, List<Table> tables) {
  public LostBlock {
    tables = List.copyOf(tables);
  }
}
