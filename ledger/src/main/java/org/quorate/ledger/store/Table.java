package org.quorate.ledger.store;

/**
 * The kinds of entries in the store of a ledger. A key is the kind's byte and what distinguishes
 * the entries of the kind; FORMAT.md has the values.
 */
public enum Table {
  /** No more key: which format and chain the store holds, and its tip. */
  TIP('a'),
  /** No more key: the height of the highest stable checkpoint. */
  STABLE('z'),
  /** No more key: from which heights on headers and transactions are there; all if not there. */
  KEPT('o'),
  /**
   * No more key: the manifest of a snapshot on its way into the store; then, by index: the chunks
   * that have come.
   */
  RESTORING('i'),
  /** Height: the header of the block and its commit certificate. */
  HEADER('h'),
  /** Height: the transactions of the block. */
  TRANSACTIONS('b'),
  /** Height: the receipts of the block. */
  RECEIPTS('r'),
  /** Height: the checkpoint this replica computed. */
  CHECKPOINT('c'),
  /** Height: the best known checkpoint certificate. */
  CERTIFICATE('p'),
  /** Transaction hash: height and index. */
  TRANSACTION('t'),
  /** Path: namespaced key and value, in the order of the state tree's leaves. */
  STATE('s'),
  /** Two bytes of a path: the page of the state tree below them. */
  PAGE('m'),
  /** Height: what the block changed of pages that were not all written since. */
  CHANGED('x');

  private final byte code;

  Table(char code) {
    this.code = (byte) code;
  }

  /** The key that only begins with the kind: the prefix of all of them. */
  public byte[] key() {
    return new byte[] {code};
  }

  /** The key of {@code rest}. */
  public byte[] key(byte[] rest) {
    byte[] key = new byte[1 + rest.length];
    key[0] = code;
    System.arraycopy(rest, 0, key, 1, rest.length);
    return key;
  }

  /** The key of a height: big-endian, so that keys lie in the order of heights. */
  public byte[] key(long height) {
    byte[] key = new byte[1 + Long.BYTES];
    key[0] = code;
    for (int i = 0; i < Long.BYTES; i++) {
      key[1 + i] = (byte) (height >>> (56 - 8 * i));
    }
    return key;
  }

  /** The height in a {@link #key(long)}. */
  public long height(byte[] key) {
    if (key.length != 1 + Long.BYTES) {
      throw new DamageException("the store is damaged: a key of " + this + " is no height");
    }
    long height = 0;
    for (int i = 1; i < key.length; i++) {
      height = height << 8 | (key[i] & 0xff);
    }
    return height;
  }
}
