package org.quorate.consensus.simulation;

/** How one replica that is otherwise correct loses what it signed. */
enum DiskLoss {
  /** It does not. */
  NONE,
  /** It begins again with nothing but its key, and knows that. */
  WIPED,
  /** It begins again with what its disk held some time ago, and does not know that. */
  RESTORED
}
