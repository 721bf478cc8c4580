package org.quorate.node;

import org.quorate.consensus.Evidence;
import org.quorate.consensus.ForkError;
import org.quorate.ledger.codec.ByteString;

/** Takes what the replica finds against others. Called by the replica's thread. */
interface EvidenceSink {
  /** Two statements contradict each other. Must not block. */
  void found(Evidence evidence);

  /** A view was entered by that NEW-VIEW message. Must not block. */
  void entered(ByteString newView);

  /** The chain has forked: when this returns, what proves it is on disk. The replica has ended. */
  void forked(ForkError fork);
}
