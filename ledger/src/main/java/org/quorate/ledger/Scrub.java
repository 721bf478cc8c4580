package org.quorate.ledger;

import static org.quorate.ledger.ChainStore.present;

import java.util.Optional;
import java.util.OptionalLong;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.state.WorldState;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.KeyValueStore;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreSnapshot;

/**
 * Reads all that a ledger holds, blocks and then the state, for nothing but to find damage while
 * others still have what is lost. What is read has the checksum that it was written with, and the
 * form and place that it must have; whether it is right only the audit tells. Goes on in small
 * steps beside whoever uses the ledger. Owned by one thread.
 */
public final class Scrub {
  /** What a block takes beside its transactions, about. */
  private static final int BLOCK_BYTES = 2_048;

  private final KeyValueStore store;
  private final Digest chainHash;
  private long height;

  /** Where in the state it is; nowhere while it reads blocks. */
  private Optional<Digest> path = Optional.empty();

  private boolean ended;

  Scrub(KeyValueStore store, Digest chainHash) {
    this.store = store;
    this.chainHash = chainHash;
  }

  /**
   * What cannot be read.
   *
   * @param height of its block; none if it belongs to no block
   * @param cause maybe no damage, but a disk that does not answer, or a store that was closed
   */
  public record Found(OptionalLong height, StorageException cause) {}

  /** Whether all was read. Of the state nothing is read behind damage. */
  public boolean ended() {
    return ended;
  }

  /**
   * Reads on, until so many bytes were read or something cannot be read.
   *
   * @return that; the next step goes on with the next block
   */
  public Optional<Found> step(long bytes) {
    try (StoreSnapshot moment = store.snapshot()) { // old blocks may be dropped meanwhile
      if (path.isEmpty()) {
        return blocks(new ChainStore(moment, chainHash), bytes);
      }
      path = WorldState.readOn(moment, path.get(), bytes);
      ended = path.isEmpty();
      return Optional.empty();
    } catch (StorageException e) {
      ended = true;
      return Optional.of(new Found(OptionalLong.empty(), e));
    }
  }

  private Optional<Found> blocks(ChainStore reads, long bytes) {
    KeptRecord kept = reads.kept();
    long tip = present(reads.tip(), "tip").height();
    long done = 0;
    for (height = Math.max(height, kept.headersFrom()); height <= tip; height++) {
      if (done >= bytes) {
        return Optional.empty();
      }
      try {
        done += read(reads, kept);
      } catch (StorageException e) {
        return Optional.of(new Found(OptionalLong.of(height++), e));
      }
    }
    path = Optional.of(Digest.ZERO);
    return Optional.empty();
  }

  private long read(ChainStore reads, KeptRecord kept) {
    present(reads.header(height), "header " + height);
    present(reads.checkpoint(height), "checkpoint " + height);
    reads.certificate(height); // which need not be known
    if (height < kept.transactionsFrom()) {
      return BLOCK_BYTES;
    }
    CommittedBlock block = present(reads.block(height), "block " + height);
    present(reads.receipts(height), "receipts of block " + height);
    long bytes = BLOCK_BYTES;
    for (Transaction transaction : block.block().transactions()) {
      Digest hash = transaction.hash();
      if (present(reads.transaction(hash), "transaction " + hash).height() != height) {
        throw new DamageException("the store is damaged: transaction " + hash + " is misplaced");
      }
      bytes += transaction.size();
    }
    return bytes;
  }
}
