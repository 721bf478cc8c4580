package org.quorate.consensus;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.crypto.PublicKey;

/**
 * Where the stored chain ends, as a replica needs to know it to go on.
 *
 * @param block the last block that was executed and is durable
 * @param header its header
 * @param commitView the view of its commit certificate; empty for the genesis block
 * @param windows the replay windows of all clients after it
 * @param recent final blocks from the stable checkpoint up to {@code block}
 */
public record ChainTip(
    BlockId block,
    BlockHeader header,
    OptionalLong commitView,
    SortedMap<PublicKey, ReplayWindow> windows,
    List<BlockId> recent) {
  public ChainTip {
    recent = List.copyOf(recent);
  }

  /** A chain that has only its genesis block. */
  public static ChainTip genesis(ChainSpec spec) {
    return new ChainTip(
        spec.genesisBlock(),
        spec.genesisHeader(),
        OptionalLong.empty(),
        Collections.emptySortedMap(),
        List.of());
  }
}
