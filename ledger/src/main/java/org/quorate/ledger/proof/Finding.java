package org.quorate.ledger.proof;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.quorate.ledger.membership.ReplicaId;

/** What an {@link Auditor} finds. */
public sealed interface Finding {
  /**
   * The evidence holds.
   *
   * @param guilty who is proven faulty, cannot be changed; empty only for a fork across views whose
   *     view changes are not at hand, and for a divergence of which nobody signed both results:
   *     then it is shown what is wrong, and not whose fault it is
   */
  record Proven(SortedSet<ReplicaId> guilty) implements Finding {
    public Proven {
      guilty = Collections.unmodifiableSortedSet(new TreeSet<>(guilty));
    }
  }

  /** It proves nothing, for the first reason that was met. */
  record Refuted(Verdict.Invalid reason) implements Finding {}
}
