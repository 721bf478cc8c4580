/**
 * The client of a network that believes no single node: it submits, asks and checks. What it takes
 * for true is signed by enough validators of the genesis file or told alike by f+1 nodes. Uses
 * {@code ledger}, {@code genesis}, Jackson and the JDK's HTTP client; never {@code node} or {@code
 * consensus}, so that it can be used without them.
 */
@NullMarked
package org.quorate.cli.client;

import org.jspecify.annotations.NullMarked;
