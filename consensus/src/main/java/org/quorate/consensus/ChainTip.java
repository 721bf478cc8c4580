package org.quorate.consensus;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
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
 * @param unstable what this replica got by executing the blocks above the stable checkpoint up to
 *     {@code block}, in order of height
 * @param unproven likewise of the last {@link #UNPROVEN_BLOCKS_MAX} blocks, of which no certificate
 *     is known
 */
public record ChainTip(
    BlockId block,
    BlockHeader header,
    OptionalLong commitView,
    SortedMap<PublicKey, ReplayWindow> windows,
    Optional<CheckpointCertificate> stable,
    List<Checkpoint> unstable,
    List<Checkpoint> unproven) {
  /** How far below the last block a replica still looks for the proof of a result. */
  public static final int UNPROVEN_BLOCKS_MAX = 2_048;

  public ChainTip {
    unstable = List.copyOf(unstable);
    unproven = List.copyOf(unproven);
  }

  /** A chain that has only its genesis block. */
  public static ChainTip genesis(ChainSpec spec) {
    return new ChainTip(
        spec.genesisBlock(),
        spec.genesisHeader(),
        OptionalLong.empty(),
        Collections.emptySortedMap(),
        Optional.empty(),
        List.of(),
        List.of());
  }
}
