/**
 * The links between the validators of a chain: one TLS connection for each pair, whose both ends
 * prove that they hold the key of a validator of the genesis file. It carries opaque payloads,
 * bounded in size and number; what they mean, and that they may be lost, is the business of those
 * above. Everything here is owned by one event loop. Depends on the ledger's value types and Netty.
 */
@NullMarked
package org.quorate.node.peer;

import org.jspecify.annotations.NullMarked;
