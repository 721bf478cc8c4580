package org.quorate.ledger.audit;

import java.util.Optional;
import org.quorate.ledger.store.Table;

/**
 * What a store has of one height.
 *
 * @param body empty where transactions and receipts are not kept
 * @param certificate of the checkpoint, if one is known
 */
record BlockEntries(
    long height, Entry header, Entry checkpoint, Optional<Body> body, Optional<Entry> certificate) {

  /** What may be dropped of a block. */
  record Body(Entry transactions, Entry receipts) {}

  DamagedException damaged(Table table, String detail) {
    return new DamagedException(Damage.of(height, table.key(height), detail));
  }
}
