package org.quorate.genesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;

/** Lays out a genesis document as JSON, two spaces to a level and a newline at the end. */
final class GenesisWriter {
  private static final JsonMapper MAPPER = new JsonMapper();

  private GenesisWriter() {}

  static byte[] toJson(GenesisDocument document) {
    ChainSpec chain = document.chain();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("chain_id", chain.chainId());
    root.put("genesis_time", Instant.ofEpochMilli(chain.genesisTimeMillis()).toString());
    ArrayNode validators = root.putArray("validators");
    for (ReplicaId replica : chain.validators().replicas()) {
      Validator validator = chain.validators().validator(replica);
      validators
          .addObject()
          .put("name", validator.name())
          .put("public_key", validator.publicKey().hex())
          .put("peer_address", document.peerAddress(replica).toString())
          .put("api_address", document.apiAddress(replica).toString());
    }
    ArrayNode clients = root.putArray("clients");
    for (Client client : chain.clients().clients()) {
      ArrayNode prefixes =
          clients
              .addObject()
              .put("name", client.name())
              .put("public_key", client.publicKey().hex())
              .putArray("write_prefixes");
      client.writePrefixes().forEach(prefix -> prefixes.add(GenesisDocument.text(prefix)));
    }
    root.set("consensus_params", parameters(chain.parameters()));
    ObjectNode state = root.putObject("app_state");
    chain
        .appState()
        .forEach((key, value) -> state.put(GenesisDocument.text(key), GenesisDocument.text(value)));
    return pretty(root);
  }

  private static ObjectNode parameters(ChainParameters parameters) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("block_transactions_max", parameters.blockTransactionsMax())
        .put("block_bytes_max", parameters.blockBytesMax())
        .put("transaction_bytes_max", parameters.transactionBytesMax())
        .put("window_blocks", parameters.windowBlocks())
        .put("batch_delay_millis", parameters.batchDelayMillis())
        .put("view_timeout_millis", parameters.viewTimeoutMillis())
        .put("clock_drift_millis", parameters.clockDriftMillis())
        .put("rotation_interval_blocks", parameters.rotationIntervalBlocks());
  }

  static byte[] pretty(ObjectNode root) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(lines)
            .withArrayIndenter(lines);
    try {
      return (MAPPER.writer(printer).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of texts and integers can be written", e);
    }
  }
}
