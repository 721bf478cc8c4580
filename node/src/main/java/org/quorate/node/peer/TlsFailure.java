package org.quorate.node.peer;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong when TLS failed, in words for the log. */
record TlsFailure(Refusal reason, String why) {
  private static final String ALERT = "Received fatal alert: ";

  /** The alerts about a certificate whose names do not say so (RFC 8446, §6). */
  private static final Set<String> CERTIFICATE_ALERTS =
      Set.of("bad_certificate", "unsupported_certificate", "unknown_ca", "access_denied");

  /** Whether the other end merely went away. */
  static boolean isConnectionLost(Throwable cause) {
    Throwable within = cause instanceof SSLException ? cause.getCause() : cause;
    return within instanceof IOException && !(within instanceof SSLException);
  }

  /** Null if it was not TLS that failed. */
  static @Nullable TlsFailure of(Throwable failure) {
    PinnedTrust.StrangerException stranger = find(failure, PinnedTrust.StrangerException.class);
    if (stranger != null) {
      return new TlsFailure(Refusal.STRANGER, String.valueOf(stranger.getMessage()));
    }
    if (find(failure, NotSslRecordException.class) != null) {
      return new TlsFailure(Refusal.NOT_TLS, "what it sends is not TLS");
    }
    if (find(failure, AEADBadTagException.class) != null) {
      return new TlsFailure(
          Refusal.TLS_FAILED, "what it sent arrived damaged; look at the network in between");
    }
    SSLException other = find(failure, SSLException.class);
    if (other == null) {
      return null;
    }
    String message = String.valueOf(other.getMessage());
    int alert = message.indexOf(ALERT); // newer JDKs write the alert's name before it, too
    return alert >= 0
        ? ofAlert(message.substring(alert + ALERT.length()))
        : new TlsFailure(Refusal.TLS_FAILED, "TLS failed: " + message);
  }

  /** The first of the failure and its causes that is of this kind. */
  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return kind.cast(cause);
      }
    }
    return null;
  }

  private static TlsFailure ofAlert(String alert) {
    if (alert.startsWith("certificate_") || CERTIFICATE_ALERTS.contains(alert)) {
      return new TlsFailure(
          Refusal.REFUSED_BY_PEER,
          "it refused this node's certificate (%s): is its genesis file the same?"
              .formatted(alert));
    }
    if (alert.equals("bad_record_mac")) {
      return new TlsFailure(
          Refusal.TLS_FAILED,
          "what this node sent arrived damaged (bad_record_mac); look at the network in between");
    }
    return new TlsFailure(Refusal.TLS_FAILED, "it gave up TLS (%s)".formatted(alert));
  }
}
