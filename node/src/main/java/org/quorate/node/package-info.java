/**
 * The running node: the only place with threads, sockets, files under its control and clocks. It
 * drives the replica of the consensus module and applies its decisions to the ledger. It may not
 * depend on the command line.
 */
@NullMarked
package org.quorate.node;

import org.jspecify.annotations.NullMarked;
