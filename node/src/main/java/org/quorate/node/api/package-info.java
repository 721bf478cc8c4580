/**
 * What a node offers over HTTP: the JSON API for clients and the metrics for Prometheus. The server
 * beneath is small and hard: one request at a time per connection, everything bounded by {@link
 * org.quorate.node.NodeLimits}. It sees the node through {@link org.quorate.node.api.NodeView} and
 * {@link org.quorate.node.api.BlockEvents} and nothing else; it may not depend on consensus, peers
 * or the journal.
 */
@NullMarked
package org.quorate.node.api;

import org.jspecify.annotations.NullMarked;
