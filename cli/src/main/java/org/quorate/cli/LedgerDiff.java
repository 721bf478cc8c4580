package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.quorate.genesis.GenesisException;
import org.quorate.ledger.audit.LedgerComparison;
import org.quorate.ledger.audit.LedgerRelation;
import org.quorate.ledger.audit.LedgerRelation.Divergence;
import org.quorate.ledger.audit.StateDifference;
import org.quorate.ledger.audit.StateRelation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate ledger diff}: two ledgers of one chain. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compare two ledgers of one chain: the lowest height at which blocks or results differ, the"
          + " first transaction there, and the first key of the states after their last blocks.",
      "A ledger that began with a snapshot is compared from there on.",
      "Exit code 0 if they are equal or one is the beginning of the other, 3 if they diverge: then"
          + " one of the two nodes, or its disk, is faulty, or more than f validators are."
    })
final class LedgerDiff implements Callable<Integer> {
  private static final int SHOWN_BYTES_MAX = 64;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private OutputOption output;

  @Parameters(index = "0", paramLabel = "DIR_A", description = "As DIR of the other commands.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path first;

  @Parameters(index = "1", paramLabel = "DIR_B", description = "The folder of another node.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path second;

  @Option(
      names = "--genesis",
      paramLabel = "FILE",
      description = "The genesis file of both; else the one that each node.json names.")
  private @Nullable Path genesis;

  @Override
  public Integer call() throws CommandFailure, GenesisException {
    try (LedgerFolder one = LedgerFolder.open(first, genesis);
        LedgerFolder two = LedgerFolder.open(second, genesis == null ? one.genesis() : genesis)) {
      one.height(); // both are ledgers, or this says that they are none yet
      two.height();
      LedgerComparison comparison =
          new LedgerComparison(one.store(), two.store(), one.chain().chainHash());
      LedgerRelation relation = comparison.relation();
      if (relation instanceof LedgerRelation.Equal equal) {
        output.print(
            "Equal: both end with block %d, %s%s"
                .formatted(equal.tip().height(), equal.tip().hash(), since(equal.from())),
            relation("equal").put("height", equal.tip().height()).put("from", equal.from()));
        return ExitCode.OK.status();
      }
      if (relation instanceof LedgerRelation.Apart apart) {
        String lower = apart.firstIsLower() ? "A" : "B";
        throw new CommandFailure(
            ExitCode.FAILED,
            "there is nothing to compare: %s ends with block %d, the other began with a snapshot of"
                    .formatted(lower, apart.lowerHeight())
                + " block %d".formatted(apart.higherFrom()));
      }
      if (relation instanceof LedgerRelation.Prefix prefix) {
        printPrefix(prefix);
        return ExitCode.OK.status();
      }
      printDivergence((Divergence) relation, comparison.states());
      return ExitCode.PROOF_INVALID.status();
    } catch (StorageException e) {
      throw LedgerFolder.unreadable(e);
    }
  }

  /** From where on they were compared, if not from the genesis. */
  private static String since(long from) {
    return from == 0
        ? ""
        : "\nCompared from block %d on: a ledger that began with a snapshot has none below."
            .formatted(from);
  }

  private static ObjectNode relation(String name) {
    return JsonNodeFactory.instance.objectNode().put("relation", name);
  }

  private void printPrefix(LedgerRelation.Prefix prefix) {
    String shorter = prefix.firstIsShorter() ? "A" : "B";
    output.print(
        "%s is the beginning of %s: it ends with block %d, the other goes on to block %d%s"
            .formatted(
                shorter,
                prefix.firstIsShorter() ? "B" : "A",
                prefix.tip().height(),
                prefix.longerHeight(),
                since(prefix.from())),
        relation("prefix")
            .put("shorter", shorter)
            .put("height", prefix.tip().height())
            .put("longer_height", prefix.longerHeight())
            .put("from", prefix.from()));
  }

  private void printDivergence(Divergence divergence, StateRelation states) {
    List<String> lines = new ArrayList<>();
    lines.add("They diverge at height " + divergence.height() + "." + since(divergence.from()));
    boolean block = !hash(divergence.one()).equals(hash(divergence.two()));
    addSides(lines, "block        ", hash(divergence.one()), hash(divergence.two()));
    if (!block) {
      addSides(
          lines,
          "receipts root",
          divergence.one().map(Checkpoint::receiptsRoot),
          divergence.two().map(Checkpoint::receiptsRoot));
      addSides(
          lines,
          "state root   ",
          divergence.one().map(Checkpoint::stateRoot),
          divergence.two().map(Checkpoint::stateRoot));
    }
    if (divergence.dropped()) {
      lines.add(
          "Which transaction differs cannot be told: one of them has dropped those of the block.");
    }
    divergence
        .transaction()
        .ifPresent(
            index ->
                lines.add("The first transaction that differs is number " + index + " (from 0)."));
    divergence
        .receipt()
        .ifPresent(
            index -> lines.add("The first receipt that differs is number " + index + " (from 0)."));
    lines.add(
        "The states, of A after block %d and of B after block %d, differ at %d keys."
            .formatted(states.one(), states.two(), states.differing()));
    states.first().ifPresent(difference -> lines.add(told(difference)));
    ObjectNode json =
        relation("diverged")
            .put("height", divergence.height())
            .put("from", divergence.from())
            .put("transactions_dropped", divergence.dropped())
            .put("differs", block ? "block" : "result")
            .put("transaction_index", divergence.transaction().orElse(null))
            .put("receipt_index", divergence.receipt().orElse(null))
            .put("state_height_a", states.one())
            .put("state_height_b", states.two())
            .put("state_differences", states.differing());
    states
        .first()
        .ifPresent(
            difference ->
                json.put("path_hex", difference.key().hex().substring(2))
                    .put(
                        "namespaced_key_hex",
                        difference.namespacedKey().map(ByteString::hex).orElse(null))
                    .put("value_a_hex", difference.valueOfOne().map(ByteString::hex).orElse(null))
                    .put("value_b_hex", difference.valueOfTwo().map(ByteString::hex).orElse(null)));
    output.print(String.join("\n", lines), json);
  }

  private static Optional<Digest> hash(Optional<Checkpoint> checkpoint) {
    return checkpoint.map(found -> found.block().hash());
  }

  private static void addSides(
      List<String> lines, String name, Optional<Digest> one, Optional<Digest> two) {
    lines.add("  " + name + " of A  " + one.map(Digest::hex).orElse("missing"));
    lines.add("  " + name + " of B  " + two.map(Digest::hex).orElse("missing"));
  }

  private static String told(StateDifference difference) {
    return "The first in the order of the paths is %s: A has %s, B has %s."
        .formatted(
            difference.namespacedKey().map(LedgerDiff::keyName).orElse("not to be read"),
            difference.valueOfOne().map(LedgerDiff::shown).orElse("nothing"),
            difference.valueOfTwo().map(LedgerDiff::shown).orElse("nothing"));
  }

  /** A value may have 64 KiB: the whole of it is in the JSON. */
  private static String shown(ByteString value) {
    return value.size() <= SHOWN_BYTES_MAX
        ? BytesText.of(value)
        : "a value of " + value.size() + " bytes, with the SHA-256 " + Digest.sha256(value.bytes());
  }

  /** The first byte of a namespaced key says whether it is a transaction's or a client's. */
  private static String keyName(ByteString namespaced) {
    byte[] bytes = namespaced.bytes();
    ByteString rest =
        ByteString.of(Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length));
    return bytes.length > 0 && bytes[0] == 0
        ? "the key " + BytesText.of(rest)
        : "the replay window of the client " + rest.hex();
  }
}
