package org.quorate.node;

import java.util.Locale;

/** Why this replica wants another primary. */
enum Suspicion {
  /** Nothing became final, or no view began, in time (PROTOCOL.md, R11). */
  TIMEOUT,
  /** It leaves out what it was given (PROTOCOL.md, R24). */
  CENSORSHIP,
  /** It lets work wait (PROTOCOL.md, R25). */
  SLOWNESS;

  /** The label of the metric. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
