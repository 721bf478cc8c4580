package org.quorate.ledger.store;

/**
 * The disk, or what lies on it, failed. Unchecked, because nothing but the owner of the store can
 * act on it, and the only right act is to stop: what is in memory may be ahead of the disk.
 */
public class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StorageException(String message) {
    super(message);
  }

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
