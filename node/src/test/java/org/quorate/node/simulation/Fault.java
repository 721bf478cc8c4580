package org.quorate.node.simulation;

import java.util.EnumSet;
import java.util.Locale;

/** What the simulator lets go wrong. */
enum Fault {
  // The network.
  LOSS,
  REPLAY,
  DELAY,
  PARTITION,
  ONE_WAY,
  CLOG,
  RECONNECT,
  // Processes.
  CRASH,
  POWER_LOSS,
  PAUSE,
  CLOCK_JUMP,
  // Disks.
  UNSYNCED,
  SYNC_ERROR,
  DISK_FULL,
  /** A disk that says that it has synced and has not: no protocol survives that. */
  LYING_DISK,
  // Clients.
  RIVALS,
  BAD_SIGNATURE,
  FLOOD,
  REPLAYED_TRANSACTION,
  BACKUPS_ONLY,
  OVERSIZED,
  FAILING,
  // Replicas: what Misconduct describes.
  MISCONDUCT;

  /** What correct replicas must live with. */
  static EnumSet<Fault> bearable() {
    return EnumSet.complementOf(EnumSet.of(LYING_DISK));
  }

  /** As users write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
