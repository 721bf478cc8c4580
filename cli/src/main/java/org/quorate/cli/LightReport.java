package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.quorate.cli.light.LightSummary;
import org.quorate.cli.light.SyncReport;
import org.quorate.ledger.chain.ChainSpec;

/** What a light client has, and what came of a sync, for people and for programs. */
final class LightReport {
  private final ChainSpec chain;
  private final LightSummary summary;

  LightReport(ChainSpec chain, LightSummary summary) {
    this.chain = chain;
    this.summary = summary;
  }

  /** What it has, in lines of a name and a value. */
  String text() {
    StringJoiner text = new StringJoiner("\n");
    text.add("chain     %s (chain hash %s)".formatted(chain.chainId(), chain.chainHash()));
    text.add("head      block %d, of %s".formatted(summary.header().height(), time()));
    text.add("hash      " + summary.block().hash());
    summary
        .commit()
        .ifPresent(
            commit ->
                text.add(
                    "final     by %s in view %d"
                        .formatted(
                            ProofReport.names(chain, commit.signatures()), commit.vote().view())));
    summary
        .proven()
        .ifPresent(
            checkpoint ->
                text.add(
                    "proven    the result of block %d: state root %s"
                        .formatted(checkpoint.height(), checkpoint.stateRoot())));
    text.add("hashes    %d, of 32 bytes each".formatted(summary.blocks()));
    summary
        .skipped()
        .forEach(
            range ->
                text.add(
                    "skipped   heights %d to %d; a sync without --skip fills them in"
                        .formatted(range.first(), range.last())));
    summary
        .evidence()
        .forEach(file -> text.add("CONFLICT  see " + file + "; nothing more is believed"));
    return text.toString();
  }

  private Instant time() {
    return Instant.ofEpochMilli(summary.header().timestampMillis());
  }

  /** The same for programs. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("chain_id", chain.chainId())
            .put("chain_hash", chain.chainHash().hex())
            .put("height", summary.header().height())
            .put("block_hash", summary.block().hash().hex())
            .put("timestamp_millis", summary.header().timestampMillis());
    summary
        .commit()
        .ifPresent(
            commit ->
                json.put("view", commit.vote().view())
                    .set("commit_signers", ProofReport.nameList(chain, commit.signatures())));
    summary
        .proven()
        .ifPresent(
            checkpoint ->
                json.put("proven_height", checkpoint.height())
                    .put("state_root", checkpoint.stateRoot().hex()));
    json.put("hashes", summary.blocks());
    ArrayNode skipped = json.putArray("skipped");
    summary
        .skipped()
        .forEach(
            range -> skipped.addObject().put("first", range.first()).put("last", range.last()));
    ArrayNode evidence = json.putArray("evidence");
    summary.evidence().forEach(file -> evidence.add(file.toString()));
    return json;
  }

  /** As {@link #text()}, and how it was reached. */
  String text(SyncReport sync) {
    StringJoiner text = new StringJoiner("\n").add(text());
    text.add(
        sync.headers() == 0
            ? "followed  nothing new"
            : "followed  %d headers in %.1f s, %d per second"
                .formatted(
                    sync.headers(), sync.elapsed().toMillis() / 1_000.0, sync.headersPerSecond()));
    text.add(
        "agreed    %s"
            .formatted(
                sync.agreeing().stream().map(Object::toString).collect(Collectors.joining(", "))));
    text.add(
        "dropped   %d of %d nodes"
            .formatted(sync.dropped().size(), sync.dropped().size() + sync.agreeing().size()));
    return text.toString();
  }

  /** As {@link #json()}, and how it was reached. */
  ObjectNode json(SyncReport sync) {
    ObjectNode json =
        json()
            .put("from_height", sync.fromHeight())
            .put("headers", sync.headers())
            .put("millis", sync.elapsed().toMillis())
            .put("headers_per_second", sync.headersPerSecond());
    ArrayNode agreeing = json.putArray("agreeing");
    sync.agreeing().forEach(node -> agreeing.add(node.name()));
    ArrayNode dropped = json.putArray("dropped");
    sync.dropped()
        .forEach(
            node -> dropped.addObject().put("node", node.node().name()).put("reason", node.why()));
    return json;
  }
}
