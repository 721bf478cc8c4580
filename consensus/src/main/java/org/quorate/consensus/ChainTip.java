package org.quorate.consensus;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;

/**
 * Where the stored chain ends, as a replica needs to know it to go on.
 *
 * @param block the last block that was executed and is durable
 * @param header its header
 * @param commitView the view of its commit certificate; empty for the genesis block
 * @param windows the replay windows of all clients after it
 * @param stable the last stable checkpoint, if there is one above the genesis block
 * @param unsettled what this replica got by executing the blocks up to {@code block} that are above
 *     the stable checkpoint, or, if they are not further below {@code block} than {@link
 *     #unsettledBlocks}, have no certificate yet; in order of height
 */
public record ChainTip(
    BlockId block,
    BlockHeader header,
    OptionalLong commitView,
    SortedMap<PublicKey, ReplayWindow> windows,
    Optional<CheckpointCertificate> stable,
    List<Checkpoint> unsettled) {
  public ChainTip {
    unsettled = List.copyOf(unsettled);
  }

  /** How far below the last block a replica looks after the proof of a result. */
  public static int unsettledBlocks(ChainParameters parameters) {
    return 2 * parameters.windowBlocks() + CatchUp.AHEAD_BLOCKS_MAX;
  }

  /** A chain that has only its genesis block. */
  public static ChainTip genesis(ChainSpec spec) {
    return new ChainTip(
        spec.genesisBlock(),
        spec.genesisHeader(),
        OptionalLong.empty(),
        Collections.emptySortedMap(),
        Optional.empty(),
        List.of());
  }
}
