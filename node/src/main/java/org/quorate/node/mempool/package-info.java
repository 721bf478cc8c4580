/**
 * Transactions on their way to the chain: admission checks them once, the mempool keeps them until
 * they are executed, the batch builder decides when the primary proposes which. It knows nothing of
 * HTTP, peers or storage; what it needs of the ledger is handed to it as a function.
 */
@NullMarked
package org.quorate.node.mempool;

import org.jspecify.annotations.NullMarked;
