package org.quorate.node.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.quorate.consensus.message.MessageAuthenticator;

/** What a faulty replica does instead of keeping to the protocol. */
enum Misconduct {
  /** Says nothing at all. */
  MUTE("mute"),
  /** Says nothing while it is the primary. */
  SILENT_PRIMARY("silent-primary"),
  /** Says some things to some replicas only. */
  WITHHOLDING("withhold"),
  /** Says everything just before the others lose patience. */
  DELAY("delay"),
  /** As primary, proposes just before the others lose patience. */
  SLOW_PROPOSALS("slow-proposals"),
  /** Does not take the transactions that others forward. */
  CENSORSHIP("censor"),
  /** As primary, shows different blocks to different replicas, and votes for both. */
  EQUIVOCATION("equivocate"),
  /** Votes PREPARE and COMMIT for every block that it hears of. */
  VOTES_FOR_EVERYTHING("vote-for-everything"),
  /** Votes for whatever the other votes for, with each on its own. */
  FLATTERY("flatter"),
  /** Says to some, when it leaves or begins a view, that it and others have prepared less. */
  FORGETFUL("forget"),
  /** Says again what it and others said long ago. */
  REPLAY("replay"),
  /** Claims views and heights that are not there yet. */
  FUTURE("future"),
  /** Signs wrong results, and different ones for different replicas. */
  WRONG_CHECKPOINTS("wrong-checkpoints"),
  /** Answers those who catch up with blocks that are not what they asked for. */
  BAD_BLOCKS("bad-blocks"),
  /** Lies to those who ask what they may have forgotten. */
  PERJURY("perjure"),
  /** Loses its journal now and then, and goes on as if nothing were missing. */
  AMNESIA("amnesia"),
  /** Equivocates, flatters and forgets at once. */
  MALICE("malice"),
  /** Runs as two processes with one key, each of which keeps to the protocol. */
  TWINS("twins");

  private final String word;

  Misconduct(String word) {
    this.word = word;
  }

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
      case SLOW_PROPOSALS -> new SlowProposer(node);
      case CENSORSHIP, AMNESIA -> (to, message) -> List.of(message);
      case EQUIVOCATION -> new Equivocator(node, voice);
      case VOTES_FOR_EVERYTHING -> new EagerVoter(node, voice);
      case FLATTERY -> new Flatterer(node, voice);
      case FORGETFUL -> new Forgetter(node, voice);
      case REPLAY -> new Replayer(node);
      case FUTURE -> new Prophet(node, voice);
      case WRONG_CHECKPOINTS -> new Falsifier(node, voice);
      case BAD_BLOCKS -> new BadServer(node);
      case PERJURY -> new Perjurer(node);
      case MALICE -> new Malice(node, voice);
      case TWINS -> null;
    };
  }

  /** As users write it. */
  String word() {
    return word;
  }
}
