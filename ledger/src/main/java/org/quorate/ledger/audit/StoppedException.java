package org.quorate.ledger.audit;

/** Ends an audit because its observer said so; never leaves the package. */
final class StoppedException extends Exception {
  private static final long serialVersionUID = 1L;
}
