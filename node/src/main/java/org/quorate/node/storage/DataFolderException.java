package org.quorate.node.storage;

/** A data folder that this node must not use; the message names it and says what to do. */
public final class DataFolderException extends Exception {
  private static final long serialVersionUID = 1L;

  DataFolderException(String message) {
    super(message);
  }

  DataFolderException(String message, Throwable cause) {
    super(message, cause);
  }
}
