/**
 * Proofs as JSON, for files and HTTP: names around the hex of canonical bytes. Strict: whatever is
 * missing, unknown, doubled or of another type is refused.
 */
@NullMarked
package org.quorate.ledger.json;

import org.jspecify.annotations.NullMarked;
