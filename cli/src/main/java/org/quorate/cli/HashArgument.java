package org.quorate.cli;

import org.quorate.cli.client.Lookup;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.ledger.crypto.Digest;

/** A transaction's hash on the command line. */
final class HashArgument {
  private HashArgument() {}

  static Digest parse(String hex) throws CommandFailure {
    try {
      return Digest.fromHex(hex);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "a transaction's hash has 64 digits of 0-9 and a-f: " + e.getMessage(),
          e);
    }
  }

  /** The failure of a lookup that found neither a proof nor a pending transaction. */
  static CommandFailure notFound(String hash, Lookup found) {
    if (found instanceof Lookup.Unknown unknown) {
      return new CommandFailure(
          ExitCode.FAILED, "no transaction " + hash + " is known to " + names(unknown));
    }
    if (found instanceof Lookup.Unproven unproven) {
      return NetworkOption.unanswered(
          "nothing can be said of the transaction " + hash, unproven.reached(), unproven.reports());
    }
    throw new AssertionError("the transaction was found");
  }

  private static String names(Lookup.Unknown unknown) {
    return String.join(", ", unknown.by().stream().map(NodeEndpoint::name).toList());
  }
}
