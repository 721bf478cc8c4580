package org.quorate.ledger.file;

import java.io.IOException;

/** The disk has less room left than is needed. */
public final class FullDiskException extends IOException {
  private static final long serialVersionUID = 1;

  /** Whether a full disk is what made another failure, with whatever in between. */
  public static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof FullDiskException) {
        return true;
      }
    }
    return false;
  }

  FullDiskException(long freeBytes, long neededBytes) {
    super(
        "the disk has %d MiB left, and %d MiB must be free"
            .formatted(freeBytes >> 20, neededBytes >> 20));
  }
}
