package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;

/**
 * A block as a store has it, unchecked, for people and for programs.
 *
 * @param commit none for the genesis block
 * @param transactionsKept whether it has its transactions and receipts; else they were dropped
 * @param receipts empty if they are not kept
 */
record StoredBlock(
    ChainSpec chain,
    BlockHeader header,
    Optional<QuorumCertificate> commit,
    Checkpoint checkpoint,
    Optional<CheckpointCertificate> certificate,
    boolean transactionsKept,
    List<Receipt> receipts) {

  static StoredBlock read(ChainSpec chain, ChainStore reads, long height) {
    Checkpoint checkpoint = ChainStore.present(reads.checkpoint(height), "checkpoint " + height);
    if (height == 0) {
      return new StoredBlock(
          chain,
          chain.genesisHeader(),
          Optional.empty(),
          checkpoint,
          Optional.empty(),
          true,
          List.of());
    }
    CommittedHeader committed = ChainStore.present(reads.header(height), "header " + height);
    return new StoredBlock(
        chain,
        committed.header(),
        Optional.of(committed.commit()),
        checkpoint,
        reads.certificate(height),
        height >= reads.kept().transactionsFrom(),
        reads.receipts(height).orElse(List.of()));
  }

  /** Signers may be no validators: nothing was checked. */
  private String names(SignatureSet signatures) {
    return signatures.signatures().keySet().stream().allMatch(chain.validators()::contains)
        ? ProofReport.names(chain, signatures)
        : signatures.toString();
  }

  String text() {
    List<String> lines = new ArrayList<>();
    lines.add("height        " + header.height());
    lines.add("hash          " + header.hash(chain.chainHash()));
    lines.add("parent        " + header.parentHash());
    lines.add("time          " + Instant.ofEpochMilli(header.timestampMillis()));
    commit.ifPresent(
        found -> {
          lines.add(
              "proposed      by %s in view %d"
                  .formatted(
                      chain.validators().contains(header.proposer())
                          ? chain.validators().validator(header.proposer()).name()
                          : header.proposer(),
                      header.proposedView()));
          lines.add(
              "committed     by %s in view %d"
                  .formatted(names(found.signatures()), found.vote().view()));
        });
    lines.add(
        "executed      "
            + certificate.map(found -> "by " + names(found.signatures())).orElse("here"));
    lines.add("state root    " + checkpoint.stateRoot());
    lines.add("receipts root " + checkpoint.receiptsRoot());
    lines.add(
        "transactions  "
            + header.transactionCount()
            + (transactionsKept ? "" : ", which were dropped with their receipts"));
    receipts.forEach(
        receipt ->
            lines.add(
                "  %s  %s%s"
                    .formatted(
                        receipt.transactionHash(),
                        ProofReport.name(receipt.outcome()),
                        receipt.outcome() == Receipt.Outcome.EXECUTED
                            ? ""
                            : " (operation " + receipt.operation() + ")")));
    return String.join("\n", lines);
  }

  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("height", header.height())
            .put("block_hash", header.hash(chain.chainHash()).hex())
            .put("parent_hash", header.parentHash().hex())
            .put("timestamp_millis", header.timestampMillis())
            .put("proposer", header.proposer().index())
            .put("proposed_view", header.proposedView())
            .put("state_root", checkpoint.stateRoot().hex())
            .put("receipts_root", checkpoint.receiptsRoot().hex())
            .put("transactions_kept", transactionsKept);
    commit.ifPresent(
        found -> {
          json.put("view", found.vote().view());
          replicas(json.putArray("commit_signers"), found.signatures());
        });
    certificate.ifPresent(
        found -> replicas(json.putArray("checkpoint_signers"), found.signatures()));
    ArrayNode transactions = json.putArray("transactions");
    receipts.forEach(
        receipt ->
            transactions
                .addObject()
                .put("hash", receipt.transactionHash().hex())
                .put("outcome", ProofReport.name(receipt.outcome()))
                .put("operation", receipt.operation()));
    return json;
  }

  private static void replicas(ArrayNode array, SignatureSet signatures) {
    signatures.signatures().keySet().forEach(signer -> array.add(signer.index()));
  }
}
