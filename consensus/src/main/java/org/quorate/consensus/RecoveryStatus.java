package org.quorate.consensus;

/**
 * Whether a replica may vote, as far as its memory goes (PROTOCOL.md, a replica that forgot).
 *
 * @param silentThroughView it votes in no view up to this one; -1 if it never forgot
 * @param untilHeight while the phase is {@code TOLD}, the height that a stable checkpoint must
 *     reach before it votes; else of no meaning
 */
public record RecoveryStatus(Phase phase, long silentThroughView, long untilHeight) {
  /** How far it is. */
  public enum Phase {
    /** It began and asks the others whether it has forgotten anything. */
    ASKING,
    /** It has forgotten what it signed, and asks the others how far that went. */
    FORGOT,
    /** It knows how far that went, and waits for a stable checkpoint to pass it. */
    TOLD,
    /** It may vote in any view above {@code silentThroughView}. */
    VOTING
  }
}
