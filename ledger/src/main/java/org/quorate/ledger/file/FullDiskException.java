package org.quorate.ledger.file;

import java.io.IOException;

/** The disk has less room left than is needed. */
public final class FullDiskException extends IOException {
  private static final long serialVersionUID = 1;

  FullDiskException(long freeBytes, long neededBytes) {
    super(
        "the disk has %d MiB left, and %d MiB must be free"
            .formatted(freeBytes >> 20, neededBytes >> 20));
  }
}
