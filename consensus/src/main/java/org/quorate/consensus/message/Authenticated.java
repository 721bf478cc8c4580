package org.quorate.consensus.message;

import org.quorate.ledger.membership.ReplicaId;

/**
 * A message that came over the link of {@code from} and in which everything that is signed was
 * checked. Only {@link MessageAuthenticator} makes these, and a replica takes nothing else.
 */
public final class Authenticated {
  private final ReplicaId from;
  private final Message message;

  Authenticated(ReplicaId from, Message message) {
    this.from = from;
    this.message = message;
  }

  /** The replica at the other end of the link; not always the one that signed. */
  public ReplicaId from() {
    return from;
  }

  /** The message. */
  public Message message() {
    return message;
  }

  @Override
  public String toString() {
    return from + ": " + message;
  }
}
