package org.quorate.consensus;

import java.util.Optional;
import org.quorate.consensus.message.Message;
import org.quorate.ledger.membership.ReplicaId;

/**
 * A message to send.
 *
 * @param to the receiver; empty for all other replicas
 */
public record Outgoing(Optional<ReplicaId> to, Message message) {}
