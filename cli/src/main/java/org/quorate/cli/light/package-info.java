/**
 * The light client: follows a chain's headers, trusting no node, and keeps of them a folder of
 * block hashes. Uses {@code cli.client}, {@code ledger} and {@code genesis}; never {@code node} or
 * {@code consensus}. {@code cli/README.md} has the folder's format.
 */
@NullMarked
package org.quorate.cli.light;

import org.jspecify.annotations.NullMarked;
