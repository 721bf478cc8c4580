package org.quorate.ledger.audit;

import java.util.function.Supplier;

/** Who does work that needs no store and no order: how an audit uses more than one processor. */
public interface Workers {
  /** Nobody else: the work is done where its result is asked for. */
  Workers NONE =
      new Workers() {
        @Override
        public <T> Supplier<T> begin(Supplier<T> work) {
          return work;
        }
      };

  /**
   * Begins {@code work}, which shares nothing that changes.
   *
   * @return waits for the result; asked once
   */
  <T> Supplier<T> begin(Supplier<T> work);
}
