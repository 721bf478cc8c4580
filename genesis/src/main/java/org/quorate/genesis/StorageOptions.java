package org.quorate.genesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a node keeps, and how much memory that may take: fields of {@code node.json} that may be
 * left out.
 *
 * @param stateMemoryMegabytes how much of its memory the node may use for the index of the state,
 *     16 to 1,048,576
 * @param snapshotIntervalBlocks a snapshot of the state is taken after each block whose height is a
 *     multiple of it; never if 0
 * @param snapshotsKept how many snapshots are kept, the newest: 1 to 100
 * @param blocksKept of how many blocks at least the transactions are kept, the last ones: 1,000 or
 *     more, or 0 for all; others are dropped when a snapshot makes up for them
 * @param scrubMegabytesPerSecond how much of the ledger is read again each second to find damage, 0
 *     to 1,000; never if 0
 * @param repairLedger whether a ledger that the disk has damaged is made anew when the node starts
 */
public record StorageOptions(
    int stateMemoryMegabytes,
    int snapshotIntervalBlocks,
    int snapshotsKept,
    int blocksKept,
    int scrubMegabytesPerSecond,
    boolean repairLedger) {
  /** What a node does that is told nothing: the index of two million keys, and all blocks. */
  public static final StorageOptions DEFAULTS = new StorageOptions(192, 50_000, 2, 0, 1, true);

  private static final String STATE_MEMORY = "state_memory_mb";
  private static final String SNAPSHOT_INTERVAL = "snapshot_interval_blocks";
  private static final String SNAPSHOTS_KEPT = "snapshots_kept";
  private static final String BLOCKS_KEPT = "blocks_kept";
  private static final String SCRUB = "scrub_mb_per_second";
  private static final String REPAIR_LEDGER = "repair_ledger";
  private static final int STATE_MEMORY_MIN = 16;
  private static final int STATE_MEMORY_MAX = 1 << 20;
  private static final int SNAPSHOTS_KEPT_MAX = 100;
  private static final int SCRUB_MAX = 1_000;
  private static final int BLOCKS_KEPT_MIN = 1_000;

  /** The fields' names. */
  static final List<String> FIELDS =
      List.of(STATE_MEMORY, SNAPSHOT_INTERVAL, SNAPSHOTS_KEPT, BLOCKS_KEPT, SCRUB, REPAIR_LEDGER);

  /**
   * Reads those fields that are there.
   *
   * @throws GenesisException if one is not valid; names it
   */
  static StorageOptions read(JsonObject json) throws GenesisException {
    StorageOptions options =
        new StorageOptions(
            integer(
                json,
                STATE_MEMORY,
                DEFAULTS.stateMemoryMegabytes(),
                STATE_MEMORY_MIN,
                STATE_MEMORY_MAX),
            integer(
                json, SNAPSHOT_INTERVAL, DEFAULTS.snapshotIntervalBlocks(), 0, Integer.MAX_VALUE),
            integer(json, SNAPSHOTS_KEPT, DEFAULTS.snapshotsKept(), 1, SNAPSHOTS_KEPT_MAX),
            integer(json, BLOCKS_KEPT, DEFAULTS.blocksKept(), 0, Integer.MAX_VALUE),
            integer(json, SCRUB, DEFAULTS.scrubMegabytesPerSecond(), 0, SCRUB_MAX),
            json.has(REPAIR_LEDGER) ? json.flag(REPAIR_LEDGER) : DEFAULTS.repairLedger());
    if (options.blocksKept() > 0 && options.blocksKept() < BLOCKS_KEPT_MIN) {
      throw GenesisException.field(
          json.at(BLOCKS_KEPT), "0 for all, or " + BLOCKS_KEPT_MIN + " or more");
    }
    if (options.blocksKept() > 0 && options.snapshotIntervalBlocks() == 0) {
      throw GenesisException.field(
          json.at(BLOCKS_KEPT),
          "blocks are dropped only below a snapshot: set "
              + SNAPSHOT_INTERVAL
              + " above 0, or this to 0");
    }
    return options;
  }

  private static int integer(JsonObject json, String field, int otherwise, int min, int max)
      throws GenesisException {
    if (!json.has(field)) {
      return otherwise;
    }
    int value = json.integer(field);
    if (value < min || value > max) {
      throw GenesisException.field(json.at(field), "from " + min + " to " + max);
    }
    return value;
  }

  /** Writes what is not as without it. */
  void write(ObjectNode json) {
    write(json, STATE_MEMORY, stateMemoryMegabytes, DEFAULTS.stateMemoryMegabytes());
    write(json, SNAPSHOT_INTERVAL, snapshotIntervalBlocks, DEFAULTS.snapshotIntervalBlocks());
    write(json, SNAPSHOTS_KEPT, snapshotsKept, DEFAULTS.snapshotsKept());
    write(json, BLOCKS_KEPT, blocksKept, DEFAULTS.blocksKept());
    write(json, SCRUB, scrubMegabytesPerSecond, DEFAULTS.scrubMegabytesPerSecond());
    if (repairLedger != DEFAULTS.repairLedger()) {
      json.put(REPAIR_LEDGER, repairLedger);
    }
  }

  private static void write(ObjectNode json, String field, int value, int otherwise) {
    if (value != otherwise) {
      json.put(field, value);
    }
  }
}
