/**
 * What proves other validators faulty, kept on disk: bounded, each file whole or not there, and
 * there again after a restart. Judges nothing and knows nothing of the node around it; {@link
 * org.quorate.ledger.proof.Auditor} judges.
 */
@NullMarked
package org.quorate.node.evidence;

import org.jspecify.annotations.NullMarked;
