package org.quorate.ledger.proof;

/** The result of a check: valid, or the first thing that fails. */
public sealed interface Verdict {
  /** What can be wrong with a proof or with evidence. */
  enum Fault {
    TOO_FEW_SIGNERS,
    FOREIGN_SIGNER,
    BAD_SIGNATURE,
    WRONG_CHAIN,
    WRONG_PHASE,
    WRONG_HEIGHT,
    WRONG_BLOCK,
    WRONG_VALIDATOR_SET,
    BROKEN_LINK,
    NO_HEADERS,
    WRONG_TIME,
    NOT_INCLUDED,
    FORBIDDEN_TRANSACTION,
    WRONG_RECEIPT,
    WRONG_STATE,
    DIFFERENT_SIGNERS,
    NO_CONTRADICTION
  }

  /** Everything holds. */
  record Valid() implements Verdict {}

  /**
   * Something fails.
   *
   * @param detail for people: which thing, and what it is where something else was expected
   */
  record Invalid(Fault fault, String detail) implements Verdict {}

  /** A check that found nothing wrong. */
  static Verdict valid() {
    return new Valid();
  }

  /** A failed check. */
  static Verdict invalid(Fault fault, String detail) {
    return new Invalid(fault, detail);
  }

  /** Whether nothing fails. */
  default boolean isValid() {
    return this instanceof Valid;
  }
}
