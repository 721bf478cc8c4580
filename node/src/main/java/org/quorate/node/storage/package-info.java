/**
 * The folder that holds all a node keeps: whose it is, and that one process at a time uses it.
 * Depends on the ledger's value types alone.
 */
@NullMarked
package org.quorate.node.storage;

import org.jspecify.annotations.NullMarked;
