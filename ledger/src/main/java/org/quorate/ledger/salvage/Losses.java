package org.quorate.ledger.salvage;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.store.Table;

/** Counts what could not be saved. Owned by one thread. */
final class Losses {
  private final TreeMap<Table, Long> entries = new TreeMap<>();
  private final List<LostBlock> blocks = new ArrayList<>();

  /**
   * Counts what is lost of a block.
   *
   * @param tables one for each entry
   */
  void add(long height, List<Table> tables) {
    tables.forEach(table -> entries.merge(table, 1L, Long::sum));
    if (!tables.isEmpty() && blocks.size() < SalvageResult.Saved.LOST_BLOCKS_MAX) {
      blocks.add(new LostBlock(height, tables.stream().distinct().toList()));
    }
  }

  SortedMap<Table, Long> entries() {
    return entries;
  }

  List<LostBlock> blocks() {
    return blocks;
  }
}
