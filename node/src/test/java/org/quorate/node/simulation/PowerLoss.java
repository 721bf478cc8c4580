package org.quorate.node.simulation;

/** The process dies in the middle of what it does. */
final class PowerLoss extends Error {
  private static final long serialVersionUID = 1L;

  PowerLoss() {
    super("the power went", null, false, false);
  }
}
