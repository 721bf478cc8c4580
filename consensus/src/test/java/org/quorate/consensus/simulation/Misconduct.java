package org.quorate.consensus.simulation;

import org.quorate.consensus.message.MessageAuthenticator;

/** What a faulty replica does instead of keeping to the protocol. */
enum Misconduct {
  /** Says nothing at all. */
  MUTE,
  /** Says nothing while it is the primary. */
  SILENT_PRIMARY,
  /** As primary, shows different blocks to different replicas, and votes for both. */
  EQUIVOCATION,
  /** Votes PREPARE and COMMIT for every block that it hears of. */
  VOTES_FOR_EVERYTHING,
  /** Votes for whatever the other votes for, with each on its own. */
  FLATTERY,
  /** Forgets what it has prepared when it leaves a view, or says so to some. */
  FORGETFUL,
  /** The last four at once. */
  MALICE;

  /** Whatever passes its lips, {@code voice} is what the others hear. */
  Conduct conduct(SimulatedNode node, MessageAuthenticator voice) {
    return switch (this) {
      case MUTE -> outgoing -> {};
      case SILENT_PRIMARY ->
          outgoing -> {
            if (!node.isPrimary()) {
              node.transmit(outgoing);
            }
          };
      case EQUIVOCATION -> new Equivocator(node, voice);
      case VOTES_FOR_EVERYTHING -> new EagerVoter(node, voice);
      case FLATTERY -> new Flatterer(node, voice);
      case FORGETFUL -> new Forgetter(node, voice);
      case MALICE -> new Malice(node, voice);
    };
  }
}
