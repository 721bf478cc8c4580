package org.quorate.node;

import org.quorate.consensus.message.Transfer.CommittedBlocks.Item;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;

/** Takes what the replica decided, in order; never blocks. */
interface DecidedBlocks {
  /** A final block, each once, in order of height, to be executed. */
  void decided(CommittedBlock block);

  /** The result of an executed block was certified. */
  void certified(CheckpointCertificate certificate);

  /** A block of which something could not be read, as a peer has it. */
  void refetched(Item block);
}
