package org.quorate.node.simulation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.MessageAuthenticator;

/** What a faulty replica does instead of keeping to the protocol. */
enum Misconduct {
  /** Says nothing at all. */
  MUTE,
  /** Says nothing while it is the primary. */
  SILENT_PRIMARY,
  /** Says some things to some replicas only. */
  WITHHOLDING,
  /** Says everything just before the others lose patience. */
  DELAY,
  /** As primary, shows different blocks to different replicas, and votes for both. */
  EQUIVOCATION,
  /** Votes PREPARE and COMMIT for every block that it hears of. */
  VOTES_FOR_EVERYTHING,
  /** Votes for whatever the other votes for, with each on its own. */
  FLATTERY,
  /** Forgets what it has prepared when it leaves a view, or says so to some. */
  FORGETFUL,
  /** Says again what it and others said long ago. */
  REPLAY,
  /** Claims views and heights that are not there yet. */
  FUTURE,
  /** Signs wrong results, and different ones for different replicas. */
  WRONG_CHECKPOINTS,
  /** Answers those who catch up with blocks that are not what they asked for. */
  BAD_BLOCKS,
  /** Equivocates, flatters and forgets at once. */
  MALICE,
  /** Runs as two processes with one key, each of which keeps to the protocol. */
  TWINS;

  /**
   * Whatever passes its lips, {@code voice} is what the others hear. Null if each process says what
   * a correct one says.
   */
  @Nullable Conduct conduct(SimulatedNode node, MessageAuthenticator voice) {
    return switch (this) {
      case MUTE -> (to, message) -> List.of();
      case SILENT_PRIMARY -> (to, message) -> node.isPrimary() ? List.of() : List.of(message);
      case WITHHOLDING -> new Withholder(node);
      case DELAY -> new Delayer(node);
      case EQUIVOCATION -> new Equivocator(node, voice);
      case VOTES_FOR_EVERYTHING -> new EagerVoter(node, voice);
      case FLATTERY -> new Flatterer(node, voice);
      case FORGETFUL -> new Forgetter(node, voice);
      case REPLAY -> new Replayer(node);
      case FUTURE -> new Prophet(node, voice);
      case WRONG_CHECKPOINTS -> new Falsifier(node, voice);
      case BAD_BLOCKS -> new BadServer(node);
      case MALICE -> new Malice(node, voice);
      case TWINS -> null;
    };
  }

  /** As users write it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
