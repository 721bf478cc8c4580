package org.quorate.ledger.store;

/** Reads of a store, or of one moment of it. */
public interface StoreReader extends KeyReader {
  /**
   * Visits the entries whose keys begin with {@code prefix}, in rising order of unsigned bytes,
   * until the visitor has had enough. All entries are of one moment.
   *
   * @throws StorageException if the store cannot be read or is closed
   */
  default void scan(byte[] prefix, Visitor visitor) {
    scan(prefix, prefix, visitor);
  }

  /**
   * As {@link #scan(byte[], Visitor)}, without the keys that lie before {@code from}, which begins
   * with {@code prefix}.
   */
  void scan(byte[] prefix, byte[] from, Visitor visitor);

  /** Sees one entry after the other; must not use the store that it visits. */
  @FunctionalInterface
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(byte[] key, byte[] value);
  }
}
