package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.TransactionProof;

/** What a proof that holds says, for people and for programs. */
final class ProofReport {
  private final ChainSpec chain;
  private final TransactionProof proof;
  private final Receipt receipt;
  private final Checkpoint checkpoint;

  /**
   * @param proof one that was checked against {@code chain}
   */
  ProofReport(ChainSpec chain, TransactionProof proof) {
    this.chain = chain;
    this.proof = proof;
    this.receipt = proof.receipt();
    this.checkpoint = proof.checkpointCertificate().checkpoint();
  }

  static String name(Receipt.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /** The names of those who signed. */
  static String names(ChainSpec chain, SignatureSet signatures) {
    return signatures.signatures().keySet().stream()
        .map(signer -> name(chain, signer))
        .collect(Collectors.joining(", "));
  }

  static ArrayNode nameList(ChainSpec chain, SignatureSet signatures) {
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    signatures.signatures().keySet().forEach(signer -> names.add(name(chain, signer)));
    return names;
  }

  private static String name(ChainSpec chain, ReplicaId signer) {
    return chain.validators().validator(signer).name();
  }

  /** Whether all operations took effect. */
  boolean executed() {
    return receipt.outcome() == Receipt.Outcome.EXECUTED;
  }

  /** What became of the transaction, in a sentence. */
  String outcome() {
    return switch (receipt.outcome()) {
      case EXECUTED -> "all its operations took effect";
      case REQUIREMENT_FAILED -> failed("requires what did not hold");
      case NOT_AN_INTEGER -> failed("adds to a value that is not an integer");
      case BELOW_ZERO -> failed("would have gone below zero");
      case OVERFLOW -> failed("would have gone above 2^63-1");
    };
  }

  private String failed(String why) {
    return "it had no effect: its operation " + receipt.operation() + " (from 0) " + why;
  }

  /** The receipt in lines of a name and a value. */
  String receiptText() {
    return String.join(
        "\n",
        "transaction  " + proof.transaction().hash(),
        "status       " + (executed() ? "executed" : "failed"),
        "outcome      " + name(receipt.outcome()) + ": " + outcome(),
        "height       " + proof.header().height(),
        "index        " + proof.index(),
        "block        " + checkpoint.block().hash(),
        "committed    by "
            + names(chain, proof.commit().signatures())
            + " in view "
            + proof.commit().vote().view(),
        "executed     by " + names(chain, proof.checkpointCertificate().signatures()));
  }

  /** The same for programs. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("hash", proof.transaction().hash().hex())
            .put("status", "executed")
            .put("outcome", name(receipt.outcome()))
            .put("operation", receipt.operation())
            .put("height", proof.header().height())
            .put("index", proof.index())
            .put("block_hash", checkpoint.block().hash().hex())
            .put("view", proof.commit().vote().view())
            .put("receipts_root", checkpoint.receiptsRoot().hex())
            .put("state_root", checkpoint.stateRoot().hex());
    json.set("commit_signers", nameList(chain, proof.commit().signatures()));
    json.set("checkpoint_signers", nameList(chain, proof.checkpointCertificate().signatures()));
    return json;
  }

  /** What is proven, in sentences. */
  String explanation() {
    int quorum = chain.validators().quorum().quorum();
    int weak = chain.validators().quorum().weakQuorum();
    String client =
        chain.clients().client(proof.transaction().client()).map(Client::name).orElseThrow();
    return """
        This is proven, against the genesis file alone:
        The transaction %s
          was signed by the client %s (nonce %d)
          for the chain %s (chain hash %s).
        It is number %d (from 0) of the %d transactions of block %d
          with the hash %s,
          which %s proposed in view %d at %s by its clock.
        That block is final: %s signed COMMIT for it in view %d; %d were needed.
        The transaction was executed, and %s:
          %s signed that block's results; %d were needed.
        After that block the state's root was %s."""
        .formatted(
            proof.transaction().hash(),
            client,
            proof.transaction().nonce(),
            chain.chainId(),
            chain.chainHash(),
            proof.index(),
            proof.header().transactionCount(),
            proof.header().height(),
            checkpoint.block().hash(),
            name(chain, proof.header().proposer()),
            proof.header().proposedView(),
            Instant.ofEpochMilli(proof.header().timestampMillis()),
            names(chain, proof.commit().signatures()),
            proof.commit().vote().view(),
            quorum,
            outcome(),
            names(chain, proof.checkpointCertificate().signatures()),
            weak,
            checkpoint.stateRoot());
  }
}
