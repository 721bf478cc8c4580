package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.Checkpoint;

/** What the node knows without looking at the disk: itself, the validators, the clients. */
final class NodeRoutes {
  private final NodeView node;
  private final ChainSpec chain;

  NodeRoutes(NodeView node) {
    this.node = node;
    this.chain = node.chain();
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/status", this::status),
        Route.get("/api/v1/validators", this::validators),
        Route.get("/api/v1/clients/{public_key}", this::client),
        Route.get("/health", this::health),
        Route.get("/ready", this::ready));
  }

  private CompletableFuture<Answer> status(Request request) {
    NodeStatus status = node.status();
    Optional<String> notReady = node.notReady();
    Checkpoint tip = node.ledger().checkpoint();
    ValidatorSet validators = chain.validators();
    return Router.done(
        Answer.json(
            200,
            json -> {
              json.writeStringField("chain_id", chain.chainId());
              json.writeStringField("chain_hash", chain.chainHash().hex());
              json.writeStringField("name", validators.validator(status.self()).name());
              json.writeNumberField("replica", status.self().index());
              json.writeNumberField("view", status.view());
              json.writeStringField("primary", primary(status.view()));
              json.writeBooleanField("active", status.active());
              json.writeNumberField("height", tip.height());
              json.writeStringField("block_hash", tip.block().hash().hex());
              json.writeStringField("state_root", tip.stateRoot().hex());
              json.writeNumberField("stable_height", status.stableHeight());
              json.writeNumberField("mempool_transactions", status.mempoolTransactions());
              json.writeNumberField("peers_connected", status.peersConnected());
              json.writeNumberField("validators", validators.n());
              json.writeBooleanField("ready", notReady.isEmpty());
              if (notReady.isPresent()) {
                json.writeStringField("not_ready", notReady.get());
              }
              json.writeStringField("version", status.version());
            }));
  }

  private String primary(long view) {
    return chain.validators().validator(chain.validators().primary(view)).name();
  }

  private CompletableFuture<Answer> validators(Request request) {
    ValidatorSet validators = chain.validators();
    ReplicaId primary = validators.primary(node.status().view());
    return Router.done(
        Answer.json(
            200,
            json -> {
              json.writeNumberField("n", validators.n());
              json.writeNumberField("f", validators.quorum().f());
              json.writeNumberField("quorum", validators.quorum().quorum());
              json.writeArrayFieldStart("validators");
              for (ReplicaId replica : validators.replicas()) {
                writeValidator(json, replica, replica.equals(primary));
              }
              json.writeEndArray();
            }));
  }

  private void writeValidator(JsonGenerator json, ReplicaId replica, boolean primary)
      throws IOException {
    Validator validator = chain.validators().validator(replica);
    json.writeStartObject();
    json.writeNumberField("index", replica.index());
    json.writeStringField("name", validator.name());
    json.writeStringField("public_key", validator.publicKey().hex());
    json.writeStringField("peer_address", node.peerAddress(replica).toString());
    json.writeStringField("api_address", node.apiAddress(replica).toString());
    json.writeBooleanField("primary", primary);
    json.writeEndObject();
  }

  private CompletableFuture<Answer> client(Request request) throws ProblemException {
    PublicKey key = request.publicKey();
    Client client =
        chain
            .clients()
            .client(key)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemType.NOT_FOUND, "no client of this chain has that public key"));
    return Router.done(
        Answer.json(
            200,
            json -> {
              json.writeStringField("name", client.name());
              json.writeStringField("public_key", key.hex());
              json.writeNumberField("highest_nonce", node.highestNonce(key));
            }));
  }

  private CompletableFuture<Answer> health(Request request) {
    return Router.done(Answer.json(200, json -> json.writeStringField("status", "alive")));
  }

  private CompletableFuture<Answer> ready(Request request) throws ProblemException {
    Optional<String> reason = node.notReady();
    if (reason.isPresent()) {
      throw new ProblemException(ProblemType.NOT_READY, reason.get());
    }
    return Router.done(Answer.json(200, json -> json.writeStringField("status", "ready")));
  }
}
