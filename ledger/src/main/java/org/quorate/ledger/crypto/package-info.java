/**
 * Digests, keys and signatures as value types, and the one rule by which a signature is valid.
 * Depends on the JDK and Bouncy Castle only, on no other package of the project.
 */
@NullMarked
package org.quorate.ledger.crypto;

import org.jspecify.annotations.NullMarked;
