/**
 * Where bytes are kept: a port for an ordered key-value store with atomic batches and snapshots,
 * its adapters on LevelDB and on memory, and the table of keys. The only package of {@code ledger}
 * that holds locks. Uses no other package of the project.
 */
@NullMarked
package org.quorate.ledger.store;

import org.jspecify.annotations.NullMarked;
