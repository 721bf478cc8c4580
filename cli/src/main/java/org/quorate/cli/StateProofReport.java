package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.stream.Collectors;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.proof.StateProof;

/** What a state proof that holds says, for people and for programs. */
final class StateProofReport {
  private final ChainSpec chain;
  private final StateProof proof;

  /**
   * @param proof one that was checked against {@code chain}
   */
  StateProofReport(ChainSpec chain, StateProof proof) {
    this.chain = chain;
    this.proof = proof;
  }

  /** Which state it is of. */
  String blockText() {
    return "After block "
        + proof.header().height()
        + ", of "
        + Instant.ofEpochMilli(proof.header().timestampMillis())
        + ":";
  }

  /** A line for each key. */
  String valuesText() {
    return proof.values().entrySet().stream()
        .map(
            entry ->
                BytesText.of(entry.getKey())
                    + entry
                        .getValue()
                        .map(value -> " = " + BytesText.of(value))
                        .orElse(" is absent"))
        .collect(Collectors.joining("\n"));
  }

  /** What is proven, in sentences. */
  String explanation() {
    return """
        This is proven, against the genesis file alone:
        After block %d of the chain %s (chain hash %s)
          with the hash %s,
          which %s proposed in view %d at %s by its clock,
          the state had
        %s
        That block is final: %s signed COMMIT for it in view %d; %d were needed.
        Its execution gave the state root %s:
          %s signed that; %d were needed.
        The values, and the places where absent keys would be, lie under that root."""
        .formatted(
            proof.header().height(),
            chain.chainId(),
            chain.chainHash(),
            proof.commit().vote().block().hash(),
            chain.validators().validator(proof.header().proposer()).name(),
            proof.header().proposedView(),
            Instant.ofEpochMilli(proof.header().timestampMillis()),
            valuesText().indent(4).stripTrailing(),
            ProofReport.names(chain, proof.commit().signatures()),
            proof.commit().vote().view(),
            chain.validators().quorum().quorum(),
            proof.checkpointCertificate().checkpoint().stateRoot(),
            ProofReport.names(chain, proof.checkpointCertificate().signatures()),
            chain.validators().quorum().weakQuorum());
  }

  /** The same for programs. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("height", proof.header().height())
            .put("block_hash", proof.commit().vote().block().hash().hex())
            .put("timestamp_millis", proof.header().timestampMillis())
            .put("state_root", proof.checkpointCertificate().checkpoint().stateRoot().hex());
    ArrayNode values = json.putArray("values");
    proof
        .values()
        .forEach(
            (key, value) ->
                values
                    .addObject()
                    .put("key", BytesText.text(key).orElse(null))
                    .put("key_hex", key.hex())
                    .put("value", value.flatMap(BytesText::text).orElse(null))
                    .put("value_hex", value.map(ByteString::hex).orElse(null)));
    json.set("commit_signers", ProofReport.nameList(chain, proof.commit().signatures()));
    json.set(
        "checkpoint_signers",
        ProofReport.nameList(chain, proof.checkpointCertificate().signatures()));
    return json;
  }
}
