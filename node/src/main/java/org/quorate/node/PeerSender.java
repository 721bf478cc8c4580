package org.quorate.node;

import org.quorate.ledger.membership.ReplicaId;

/** Sends to peers. Safe for use by any thread; never blocks. */
@FunctionalInterface
interface PeerSender {
  /** False if the payload was dropped: no link, or too much waits on it. */
  boolean send(ReplicaId to, byte[] payload);
}
