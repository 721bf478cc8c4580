package org.quorate.ledger.state;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.quorate.ledger.chain.Namespace;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.chain.Receipt.Outcome;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;

/**
 * Runs the operations of one transaction in order, each seeing the effects of those before it. The
 * first that fails ends it, and nothing of it stays but the receipt.
 */
final class Execution {
  private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,18}");

  private Execution() {}

  static Receipt run(Transaction transaction, Overlay state) {
    Overlay effects = new Overlay(state::get);
    List<Operation> operations = transaction.operations();
    for (int i = 0; i < operations.size(); i++) {
      Outcome outcome = apply(operations.get(i), effects);
      if (outcome != Outcome.EXECUTED) {
        return new Receipt(transaction.hash(), outcome, i);
      }
    }
    state.keep(effects);
    return new Receipt(transaction.hash(), Outcome.EXECUTED, 0);
  }

  private static Outcome apply(Operation operation, Overlay state) {
    if (operation instanceof Operation.Require require) {
      return state.get(key(require.key())).equals(require.expected())
          ? Outcome.EXECUTED
          : Outcome.REQUIREMENT_FAILED;
    }
    if (operation instanceof Operation.Add add) {
      return add(add, state);
    }
    if (operation instanceof Operation.Put put) {
      state.put(key(put.key()), put.value());
    } else if (operation instanceof Operation.Delete delete) {
      state.delete(key(delete.key()));
    }
    return Outcome.EXECUTED;
  }

  private static Outcome add(Operation.Add add, Overlay state) {
    ByteString key = key(add.key());
    Optional<ByteString> before = state.get(key);
    long integer = before.isEmpty() ? 0 : integer(before.get());
    if (integer < 0) {
      return Outcome.NOT_AN_INTEGER;
    }
    long sum = integer + add.delta();
    if (sum < 0) {
      return add.delta() < 0 ? Outcome.BELOW_ZERO : Outcome.OVERFLOW;
    }
    state.put(key, ByteString.utf8(Long.toString(sum)));
    return Outcome.EXECUTED;
  }

  /** The integer that {@code value} spells: 0 to 2^63−1 without leading zeros; −1 if it is none. */
  private static long integer(ByteString value) {
    String text = new String(value.bytes(), StandardCharsets.ISO_8859_1);
    if (!INTEGER.matcher(text).matches()) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException aboveTheRange) {
      return -1;
    }
  }

  private static ByteString key(ByteString key) {
    return Namespace.APPLICATION.key(key.bytes());
  }
}
