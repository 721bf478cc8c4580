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
  /** One misses most of an episode and falls far behind. */
  LONG_OUTAGE,
  CLOCK_JUMP,
  // Disks.
  UNSYNCED,
  SYNC_ERROR,
  DISK_FULL,
  /** A disk that says that it has synced and has not: no protocol survives that. */
  LYING_DISK,
  /** A node loses its disk and begins anew with an empty one. */
  WIPED_DISK,
  /** A node gets back what its disk held some time ago. */
  OLDER_DISK,
  /**
   * A bit of a node's journal flips. If that is noticed the node begins anew with an empty disk; in
   * the last record it looks like a write that a crash cut short.
   */
  BIT_FLIP,
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

  /** What correct replicas must live with. One that loses its disk counts as faulty. */
  static EnumSet<Fault> bearable() {
    return EnumSet.complementOf(EnumSet.of(LYING_DISK, WIPED_DISK, OLDER_DISK, BIT_FLIP));
  }

  /** What chains must live with, for as long as too few nodes lose their disks to count. */
  static EnumSet<Fault> survivable() {
    return EnumSet.complementOf(EnumSet.of(LYING_DISK));
  }

  /** As users write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
