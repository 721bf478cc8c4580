package org.quorate.ledger.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * How much a store has of one kind of entries.
 *
 * @param entries how many
 * @param bytes of their keys and values
 * @param first the lowest height, of a kind whose keys are heights
 * @param last the highest height
 */
public record TableContents(
    Table table, long entries, long bytes, Optional<Long> first, Optional<Long> last) {

  /** Those of all kinds; reads the whole store. */
  public static List<TableContents> of(StoreReader store) {
    List<TableContents> contents = new ArrayList<>();
    for (Table table : Table.values()) {
      contents.add(of(store, table));
    }
    return contents;
  }

  private static TableContents of(StoreReader store, Table table) {
    long entries = 0;
    long bytes = 0;
    Optional<Long> first = Optional.empty();
    Optional<Long> last = Optional.empty();
    for (Entries each = new Entries(store, table.key()); each.hasNext(); ) {
      Entry entry = each.next();
      entries++;
      bytes += entry.key().length + entry.value().length;
      if (entry.key().length == table.key(0).length) {
        last = Optional.of(table.height(entry.key()));
        first = first.or(() -> Optional.of(table.height(entry.key())));
      }
    }
    return new TableContents(table, entries, bytes, first, last);
  }
}
