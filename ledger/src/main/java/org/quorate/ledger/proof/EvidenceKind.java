package org.quorate.ledger.proof;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a piece of evidence shows that no correct replica does. Why it never does, each says; the
 * rules cited are those of PROTOCOL.md. Whom they accuse is guilty whatever others do, be more than
 * f of them faulty, and across crashes.
 */
public enum EvidenceKind {
  /**
   * A1. Two PREPAREs of one view and height for different blocks: a vote is journaled first (R6).
   */
  PREPARE,
  /** A2. Two COMMITs of one view and height for different blocks: they lie on one chain (R7). */
  COMMIT,
  /** A3. Two results of one height: a block is final and executed once (R9, R10). */
  CHECKPOINT,
  /**
   * A4. Two VIEW-CHANGEs to one view with different prepared certificates, or a later one with a
   * lower one: what is prepared is journaled, never falls, and stands still between two views
   * (R12).
   */
  VIEW_CHANGE,
  /**
   * A5. Two NEW-VIEWs of one view: a primary enters its view by the first, and that is journaled.
   */
  NEW_VIEW,
  /**
   * A6. A VIEW-CHANGE that reports less than the signer had sent COMMIT for in a lower view (R7).
   */
  FORGOTTEN_COMMIT,
  /** A7. Two commit certificates that cannot both be of one chain: more than f are faulty (R9). */
  FORK,
  /**
   * A8. Two checkpoint certificates of one height and different results: more than f are faulty, or
   * correct ones execute one block differently (R10).
   */
  DIVERGENCE;

  /** Its name in documents, paths and metrics. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The kind with that name. */
  public static Optional<EvidenceKind> ofSlug(String slug) {
    return Arrays.stream(values()).filter(kind -> kind.slug().equals(slug)).findFirst();
  }
}
