package org.quorate.node.peer;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong when TLS failed, in words for the log. */
record TlsFailure(Refusal reason, String why) {
  private static final String ALERT = "Received fatal alert: ";

  /** Whether the other end merely went away. */
  static boolean isConnectionLost(Throwable cause) {
    if (cause instanceof SSLException) {
      return cause.getCause() instanceof ClosedChannelException;
    }
    return cause instanceof IOException;
  }

  /** Null if it was not TLS that failed. */
  static @Nullable TlsFailure of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PinnedTrust.StrangerException) {
        return new TlsFailure(Refusal.STRANGER, String.valueOf(cause.getMessage()));
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof NotSslRecordException) {
        return new TlsFailure(Refusal.NOT_TLS, "what it sends is not TLS");
      }
      String message = String.valueOf(cause.getMessage());
      if (message.startsWith(ALERT)) {
        return new TlsFailure(
            Refusal.REFUSED_BY_PEER,
            "it refused this node's certificate ("
                + message.substring(ALERT.length())
                + "): is its genesis file the same?");
      }
      if (cause instanceof SSLException) {
        return new TlsFailure(Refusal.TLS_FAILED, "TLS failed: " + message);
      }
    }
    return null;
  }
}
