package org.quorate.node.api;

import java.util.Map;
import java.util.Optional;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;

/**
 * A request that has found its route.
 *
 * @param path the values of the route's path parameters, not decoded
 * @param query the query's parameters, decoded; only names that the route knows
 */
record Request(Map<String, String> path, Map<String, String> query, Body body) {
  /** The raw text of a path parameter, which the route has. */
  String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new AssertionError("the route has no parameter " + name);
    }
    return value;
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** An integer parameter of the query. */
  int query(String name, int otherwise, int min, int max) throws ProblemException {
    String text = query.get(name);
    return text == null ? otherwise : (int) integer(name, text, min, max);
  }

  /** A block's height. */
  static long height(String text) throws ProblemException {
    return integer("height", text, 0, Long.MAX_VALUE);
  }

  /** An integer from {@code min} to {@code max}, both of them included. */
  static long integer(String name, String text, long min, long max) throws ProblemException {
    try {
      // Digits alone: no sign, no leading zeros, so that one number has one text.
      long value = text.matches("0|[1-9][0-9]{0,18}") ? Long.parseLong(text) : -1;
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Beyond 2^63-1: answered below, as any number out of range.
    }
    throw new ProblemException(
        ProblemType.MALFORMED_PARAMETER, name + " is an integer of " + min + " to " + max);
  }

  /** The transaction hash in the path. */
  Digest hash() throws ProblemException {
    try {
      return Digest.fromHex(path("hash"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.MALFORMED_HEX, "the hash: " + e.getMessage());
    }
  }

  /** The public key in the path. */
  PublicKey publicKey() throws ProblemException {
    try {
      return PublicKey.fromHex(path("public_key"));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.MALFORMED_HEX, "the public key: " + e.getMessage());
    }
  }
}
