package org.quorate.cli.chaos;

import java.util.List;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Digest;

/**
 * The chain as one node has it on its disk.
 *
 * @param node its name
 * @param blocks from height 1 on
 * @param total the value of the key to which every transaction adds one
 * @param faults what does not hold in it by itself, such as a forged certificate
 */
record ChainCopy(String node, List<Entry> blocks, long total, List<String> faults) {
  ChainCopy {
    blocks = List.copyOf(blocks);
    faults = List.copyOf(faults);
  }

  /**
   * One block and what it gave.
   *
   * @param block hash of all bytes of the block, its transactions' signatures included
   * @param receipts in the order of the transactions
   * @param proven whether the node has a certificate of the result, to hand to clients
   */
  record Entry(
      Digest block, List<Receipt> receipts, Digest receiptsRoot, Digest stateRoot, boolean proven) {
    Entry {
      receipts = List.copyOf(receipts);
    }
  }
}
