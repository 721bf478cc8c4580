package org.quorate.ledger.store;

/**
 * An ordered map from bytes to bytes that outlives the process. Safe for use by any thread. Closing
 * it closes its snapshots too; whatever is asked of it afterwards is a {@link StorageException}.
 */
public interface KeyValueStore extends StoreReader, AutoCloseable {
  /** The store as it is now, whatever is written later. Must be closed. */
  StoreSnapshot snapshot();

  /**
   * Writes all of {@code batch} or nothing of it.
   *
   * @param sync whether it must have reached the disk on return; without it a crash of the machine
   *     may lose the batch, but never a part of it, nor an earlier batch and not this one
   * @throws StorageException if it could not be written; whether it was, only reopening tells
   */
  void write(Batch batch, boolean sync);

  /**
   * Gives back the space of what was removed or overwritten between two keys, both included.
   * Changes nothing that can be read.
   */
  void compact(byte[] from, byte[] to);

  @Override
  void close();
}
