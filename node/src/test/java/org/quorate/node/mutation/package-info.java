/**
 * Does the suite notice? Forty bugs that implementations of PBFT have had, or that the papers warn
 * of, are kept as text beside this package, one file each; {@link
 * org.quorate.node.mutation.MutationCheck} puts one after the other into the code and demands that
 * a test or the simulator fails.
 */
@NullMarked
package org.quorate.node.mutation;

import org.jspecify.annotations.NullMarked;
