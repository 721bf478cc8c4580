/**
 * The metrics of a node, by their Prometheus names and base units. Depends on no other module of
 * the project, so that anything may be measured without a cycle.
 */
@NullMarked
package org.quorate.monitoring;

import org.jspecify.annotations.NullMarked;
