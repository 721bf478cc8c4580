package org.quorate.ledger.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A folder is held by a process, which the message names. */
public final class FolderInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  FolderInUseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
