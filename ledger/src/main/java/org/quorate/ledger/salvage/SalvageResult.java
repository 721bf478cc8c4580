package org.quorate.ledger.salvage;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.KeptRecord;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.Table;

/** What came of saving a ledger. */
public sealed interface SalvageResult {
  /**
   * There is a sound ledger now.
   *
   * @param startHeight of the snapshot on whose state blocks were executed; 0 for the genesis
   * @param tip what the last block gave
   * @param oldHeight of the last block of the damaged ledger, if that could be read
   * @param kept from which heights on the ledger has what, or is to have it again
   * @param keptIsKnown whether the damaged ledger said so; else it is the lowest that could be read
   * @param lost how many entries of each table could not be saved, of blocks up to the tip
   * @param lostBlocks whose they are, {@value #LOST_BLOCKS_MAX} at most: those below the snapshot,
   *     falling, then those above it
   * @param end why it does not go on to the old height, or further; empty if it does
   */
  record Saved(
      long startHeight,
      Checkpoint tip,
      Optional<Long> oldHeight,
      KeptRecord kept,
      boolean keptIsKnown,
      SortedMap<Table, Long> lost,
      List<LostBlock> lostBlocks,
      Optional<String> end)
      implements SalvageResult {
    /** How many blocks are named. */
    public static final int LOST_BLOCKS_MAX = 100;

    public Saved {
      lost = new TreeMap<>(lost);
      lostBlocks = List.copyOf(lostBlocks);
    }

    /** Whether all that the damaged ledger had could be saved. */
    public boolean whole() {
      return lost.isEmpty() && end.isEmpty();
    }
  }

  /**
   * There is no state to begin with.
   *
   * @param reason for people
   */
  record NoStart(String reason) implements SalvageResult {}

  /**
   * Executing a block gives another result than was proven, or than the damaged ledger has: it, or
   * this program, is not that of a correct validator.
   *
   * @param own what executing the block gives, or is in the damaged ledger
   * @param other what it should be
   * @param proven whether f+1 have signed that; else it is what the damaged ledger has
   */
  record Diverged(Checkpoint own, Checkpoint other, boolean proven) implements SalvageResult {}
}
