/**
 * Canonical bytes: the only route from a value to the bytes that are hashed, signed, stored or
 * sent, and back. One value has exactly one encoding. Depends on the JDK only.
 */
@NullMarked
package org.quorate.ledger.codec;

import org.jspecify.annotations.NullMarked;
