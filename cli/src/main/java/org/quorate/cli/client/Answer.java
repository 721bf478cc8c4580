package org.quorate.cli.client;

import java.util.function.Function;

/** What came of asking one node. Nothing of it is believed yet. */
public sealed interface Answer<T> {
  /** The node answered what was asked. */
  record Given<T>(T value) implements Answer<T> {}

  /** The node said why it does not. */
  record Refused<T>(Problem problem) implements Answer<T> {}

  /**
   * No answer, or none that can be used.
   *
   * @param reached whether something did answer, though not as a node should
   * @param reason for people
   */
  record Failed<T>(boolean reached, String reason) implements Answer<T> {}

  /** The answer with its value replaced. */
  default <R> Answer<R> map(Function<? super T, ? extends R> function) {
    if (this instanceof Given<T> given) {
      return new Given<>(function.apply(given.value()));
    }
    return withoutValue();
  }

  /** The same refusal or failure, whatever was asked; not for an answer with a value. */
  default <R> Answer<R> withoutValue() {
    if (this instanceof Refused<T> refused) {
      return new Refused<>(refused.problem());
    }
    if (this instanceof Failed<T> failed) {
      return new Failed<>(failed.reached(), failed.reason());
    }
    throw new AssertionError("this answer has a value");
  }

  /** What the node said instead of a value; not for an answer with one. */
  default String complaint() {
    if (this instanceof Refused<T> refused) {
      return refused.problem().toString();
    }
    if (this instanceof Failed<T> failed) {
      return failed.reason();
    }
    throw new AssertionError("this answer has a value");
  }
}
