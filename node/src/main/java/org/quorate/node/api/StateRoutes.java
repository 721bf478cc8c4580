package org.quorate.node.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.StateReading;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.proof.StateProof;
import org.quorate.node.NodeLimits;

/** Reading values of the state, and what proves them. */
final class StateRoutes {
  private final NodeView node;
  private final Reads reads;
  private final LedgerReads ledgerReads;

  StateRoutes(NodeView node, Reads reads) {
    this.node = node;
    this.reads = reads;
    this.ledgerReads = new LedgerReads(node);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/state", this::proof, "keys"),
        Route.get("/api/v1/state/{key}", this::value, "encoding", "proof"));
  }

  private CompletableFuture<Answer> value(Request request) throws ProblemException {
    String encoding = request.query("encoding").orElse("utf8");
    ByteString key =
        switch (encoding) {
          case "utf8" -> checked(ByteString.utf8(PercentText.text(request.path("key"))));
          case "hex" -> hexKey(PercentText.text(request.path("key")));
          default ->
              throw new ProblemException(
                  ProblemType.MALFORMED_PARAMETER, "encoding is utf8 or hex");
        };
    return switch (request.query("proof").orElse("false")) {
      case "true" -> proof(new TreeSet<>(List.of(key)));
      case "false" -> reads.answer(() -> value(key, encoding));
      default ->
          throw new ProblemException(ProblemType.MALFORMED_PARAMETER, "proof is true or false");
    };
  }

  private CompletableFuture<Answer> proof(Request request) throws ProblemException {
    String text =
        request
            .query("keys")
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemType.MALFORMED_PARAMETER,
                        "keys is missing: hex, with commas between"));
    List<String> parts = List.of(text.split(",", -1));
    if (parts.size() > StateProof.KEYS_MAX) {
      throw new ProblemException(
          ProblemType.MALFORMED_PARAMETER, "keys are at most " + StateProof.KEYS_MAX);
    }
    TreeSet<ByteString> keys = new TreeSet<>();
    for (String part : parts) {
      keys.add(hexKey(part));
    }
    return proof(keys);
  }

  private static ByteString hexKey(String text) throws ProblemException {
    try {
      return checked(ByteString.of(Hex.decode(text)));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(ProblemType.MALFORMED_HEX, "the key: " + e.getMessage());
    }
  }

  private static ByteString checked(ByteString key) throws ProblemException {
    if (key.size() < 1 || key.size() > Operation.KEY_BYTES_MAX) {
      throw new ProblemException(
          ProblemType.MALFORMED_PARAMETER, "a key has 1 to " + Operation.KEY_BYTES_MAX + " bytes");
    }
    return key;
  }

  private CompletableFuture<Answer> proof(SortedSet<ByteString> keys) {
    return reads.answer(
        () -> {
          StateProof proof =
              ledgerReads
                  .anywhere(() -> node.ledger().proof(keys))
                  .orElseThrow(
                      () ->
                          new ProblemException(
                              ProblemType.NOT_READY,
                              "no block's result is proven here yet; try again in a moment"));
          long bytes =
              proof.values().values().stream()
                  .mapToLong(value -> value.map(ByteString::size).orElse(0))
                  .sum();
          if (bytes > NodeLimits.HTTP_PROOF_VALUE_BYTES_MAX) {
            throw new ProblemException(
                ProblemType.MALFORMED_PARAMETER,
                "the values have more than "
                    + NodeLimits.HTTP_PROOF_VALUE_BYTES_MAX
                    + " bytes together; ask for fewer keys at a time");
          }
          return new Answer.Whole(
              200, Answer.JSON, new Body(StateProofJson.write(proof)), Map.of());
        });
  }

  private Answer value(ByteString key, String encoding) throws ProblemException {
    StateReading reading = ledgerReads.anywhere(() -> node.ledger().state(key));
    ByteString value =
        reading
            .value()
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemType.NOT_FOUND, "the key is absent at height " + reading.height()));
    String shownKey = encoding.equals("hex") ? key.hex() : String.valueOf(utf8(key));
    return Answer.json(
        200,
        json -> {
          json.writeStringField("key", shownKey);
          json.writeStringField("value", utf8(value));
          json.writeStringField("value_hex", value.hex());
          json.writeNumberField("height", reading.height());
          json.writeStringField("encoding", encoding);
        });
  }

  /** The text of {@code bytes}; null if they are not UTF-8. */
  private static @Nullable String utf8(ByteString bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.bytes())).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
