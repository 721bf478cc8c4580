package org.quorate.node.peer;

/** Bytes that are no frame, or a frame where it has no place; the message says which. */
final class BadFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  BadFrameException(String message) {
    super(message);
  }
}
