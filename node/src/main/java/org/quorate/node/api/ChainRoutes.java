package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.QuorumCertificate;

/** Reading blocks and their certificates. */
final class ChainRoutes {
  private static final String LATEST = "latest";

  private final NodeView node;
  private final Reads reads;
  private final LedgerReads ledgerReads;

  ChainRoutes(NodeView node, Reads reads) {
    this.node = node;
    this.reads = reads;
    this.ledgerReads = new LedgerReads(node);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/blocks/{height}", this::block),
        Route.get("/api/v1/blocks/{height}/certificate", this::certificate));
  }

  private long height(Request request) throws ProblemException {
    String text = request.path("height");
    return text.equals(LATEST) ? node.ledger().checkpoint().height() : Request.height(text);
  }

  private CompletableFuture<Answer> block(Request request) throws ProblemException {
    long height = height(request);
    return reads.answer(
        () -> {
          if (height == 0) {
            return block(node.chain().genesisHeader(), List.of());
          }
          CommittedBlock committed = committed(height);
          return block(committed.block().header(), committed.block().transactions());
        });
  }

  private CommittedBlock committed(long height) throws ProblemException {
    return ledgerReads
        .ofBlock(height, () -> node.ledger().block(height))
        .orElseThrow(
            () -> height < node.ledger().transactionsFrom() ? dropped(height) : notYet(height));
  }

  private static ProblemException notYet(long height) {
    return new ProblemException(ProblemType.NOT_FOUND, "this node has no block " + height + " yet");
  }

  private ProblemException dropped(long height) {
    return new ProblemException(
        ProblemType.GONE,
        "this node has no transactions of block "
            + height
            + ": it keeps those from block "
            + node.ledger().transactionsFrom()
            + " on");
  }

  private Answer block(BlockHeader header, List<Transaction> transactions) {
    Digest hash = header.hash(node.chain().chainHash());
    return Answer.json(
        200,
        json -> {
          json.writeNumberField("height", header.height());
          json.writeStringField("block_hash", hash.hex());
          json.writeStringField("parent_hash", header.parentHash().hex());
          json.writeNumberField("proposed_view", header.proposedView());
          json.writeNumberField("timestamp_millis", header.timestampMillis());
          json.writeStringField("proposer", name(header.proposer()));
          json.writeStringField("transactions_root", header.transactionsRoot().hex());
          json.writeNumberField("transaction_count", header.transactionCount());
          json.writeStringField("validator_set_hash", header.validatorSetHash().hex());
          json.writeStringField("header", Hex.encode(header.encoded()));
          json.writeArrayFieldStart("transactions");
          for (Transaction transaction : transactions) {
            json.writeString(transaction.hash().hex());
          }
          json.writeEndArray();
        });
  }

  private String name(ReplicaId replica) {
    return node.chain().validators().validator(replica).name();
  }

  private CompletableFuture<Answer> certificate(Request request) throws ProblemException {
    long height = height(request);
    return reads.answer(
        () -> {
          if (height == 0) {
            throw new ProblemException(
                ProblemType.NOT_FOUND, "the genesis block has no certificate and needs none");
          }
          CommittedHeader header =
              ledgerReads
                  .ofBlock(height, () -> node.ledger().header(height))
                  .orElseThrow(() -> notYet(height));
          return certificate(
              header.commit(),
              ledgerReads.ofBlock(height, () -> node.ledger().checkpointCertificate(height)));
        });
  }

  private Answer certificate(QuorumCertificate commit, Optional<CheckpointCertificate> checkpoint) {
    return Answer.json(
        200,
        json -> {
          json.writeStringField("commit_certificate", Hex.encode(commit.encoded()));
          json.writeNumberField("view", commit.vote().view());
          json.writeArrayFieldStart("signers");
          for (ReplicaId signer : commit.signatures().signatures().keySet()) {
            json.writeString(name(signer));
          }
          json.writeEndArray();
          writeCheckpoint(json, checkpoint);
        });
  }

  private static void writeCheckpoint(
      JsonGenerator json, Optional<CheckpointCertificate> certificate) throws IOException {
    if (certificate.isEmpty()) {
      json.writeNullField("checkpoint_certificate");
      json.writeNullField("receipts_root");
      json.writeNullField("state_root");
    } else {
      CheckpointCertificate present = certificate.get();
      json.writeStringField("checkpoint_certificate", Hex.encode(present.encoded()));
      json.writeStringField("receipts_root", present.checkpoint().receiptsRoot().hex());
      json.writeStringField("state_root", present.checkpoint().stateRoot().hex());
    }
  }
}
