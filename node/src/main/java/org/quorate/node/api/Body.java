package org.quorate.node.api;

/**
 * Bytes on their way between HTTP and the node. They are handed on and not copied, so whoever made
 * them changes them no more.
 */
final class Body {
  static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  Body(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }
}
