/**
 * The shared starting point of a network: the genesis document, its validation and canonical hash,
 * and the key files. Depends on the ledger only; never on consensus, node or cli.
 */
@NullMarked
package org.quorate.genesis;

import org.jspecify.annotations.NullMarked;
