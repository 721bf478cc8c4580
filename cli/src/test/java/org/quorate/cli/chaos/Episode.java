package org.quorate.cli.chaos;

import java.util.List;

/**
 * Faults that strike one after the other and last together, then a time without any.
 *
 * @param number from 1
 * @param apartMillis between one fault and the next
 * @param holdMillis from the last fault until all are healed
 * @param calmMillis after the network has recovered
 */
record Episode(int number, List<Fault> faults, int apartMillis, int holdMillis, int calmMillis) {
  Episode {
    faults = List.copyOf(faults);
  }
}
