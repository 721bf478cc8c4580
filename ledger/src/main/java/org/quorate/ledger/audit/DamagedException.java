package org.quorate.ledger.audit;

/** Ends a check with what it found; never leaves the package. */
final class DamagedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Damage damage;

  DamagedException(Damage damage) {
    super(damage.sentence());
    this.damage = damage;
  }

  Damage damage() {
    return damage;
  }
}
