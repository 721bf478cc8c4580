package org.quorate.genesis;

/**
 * A genesis document or node file that cannot be used. The message is for its author: it names the
 * file, the field and what belongs there.
 */
public final class GenesisException extends Exception {
  private static final long serialVersionUID = 1;

  GenesisException(String message) {
    super(message);
  }

  GenesisException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A field that is wrong, such as {@code validators[2].public_key}, and why. */
  static GenesisException field(String path, String problem) {
    return new GenesisException(path + ": " + problem);
  }
}
