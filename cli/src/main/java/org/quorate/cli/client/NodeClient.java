package org.quorate.cli.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.snapshot.Manifest;

/**
 * One node's HTTP API. Every answer is only that node's word: who uses it checks it. Answers are
 * bounded in size and time, whatever the node does. Safe for use by any thread.
 */
public final class NodeClient {
  /** How long a node may take to accept a connection. */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** How long a node may take to answer, beyond what it was asked to wait for. */
  public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  /** A part of a snapshot may take a slow disk and a slow line so much longer. */
  private static final Duration SNAPSHOT_WAIT = Duration.ofSeconds(25);

  /** Headers that are asked for at a time; a node hands over no more in one answer. */
  public static final int HEADERS_MAX = 512;

  private static final int ANSWER_BYTES_MAX = 16 << 20;

  /** As many headers in hex, two certificates of 128 validators, and room. */
  private static final int HEADERS_ANSWER_BYTES_MAX = 512 << 10;

  private static final String API = "/api/v1/";

  private final HttpClient http;
  private final NodeEndpoint node;

  public NodeClient(HttpClient http, NodeEndpoint node) {
    this.http = http;
    this.node = node;
  }

  /** An HTTP client that suits nodes: HTTP/1.1, no redirects, no proxy. */
  public static HttpClient newHttpClient() {
    return builder().build();
  }

  /** As {@link #newHttpClient()}, with threads of the caller's. */
  public static HttpClient newHttpClient(Executor threads) {
    return builder().executor(threads).build();
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(CONNECT_TIMEOUT);
  }

  /** The node it asks. */
  public NodeEndpoint node() {
    return node;
  }

  /** Hands over a transaction; the answer is its hash, once the node has taken or known it. */
  public Answer<Digest> submit(Transaction transaction) throws InterruptedException {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("transaction", Hex.encode(transaction.encoded()))
            .toString();
    HttpRequest request =
        request("transactions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return ask(request, Duration.ZERO, fields -> fields.digest("hash"));
  }

  /**
   * The proof of a transaction, not checked.
   *
   * @param wait how long the node may wait for it to be executed and proven
   */
  public Answer<TransactionProof> proof(Digest hash, Duration wait) throws InterruptedException {
    HttpRequest request =
        request("transactions/" + hash + "/proof?wait_ms=" + wait.toMillis()).build();
    return read(
        request,
        wait,
        body -> {
          try {
            return ProofJson.read(body);
          } catch (MalformedException e) {
            throw new MalformedAnswerException("no proof: " + e.getMessage(), e);
          }
        });
  }

  /** The proof of the values of keys after some block, not checked. */
  public Answer<StateProof> stateProof(SortedSet<ByteString> keys) throws InterruptedException {
    String list = keys.stream().map(ByteString::hex).collect(Collectors.joining(","));
    return read(
        request("state?keys=" + list).build(),
        Duration.ZERO,
        body -> {
          try {
            return StateProofJson.read(body);
          } catch (MalformedException e) {
            throw new MalformedAnswerException("no proof: " + e.getMessage(), e);
          }
        });
  }

  /** Whether the node knows the transaction, and if so its status: pending or executed. */
  public Answer<String> transactionStatus(Digest hash) throws InterruptedException {
    return ask(
        request("transactions/" + hash).build(), Duration.ZERO, fields -> fields.text("status"));
  }

  /** The value of a key; an empty one where the node says that the key is absent. */
  public Answer<Optional<ByteString>> state(ByteString key) throws InterruptedException {
    Answer<Optional<ByteString>> answer =
        ask(
            request("state/" + key.hex() + "?encoding=hex").build(),
            Duration.ZERO,
            fields -> Optional.of(ByteString.of(fields.bytes("value_hex"))));
    return answer instanceof Answer.Refused<Optional<ByteString>> refused
            && refused.problem().isNotFound()
        ? new Answer.Given<>(Optional.empty())
        : answer;
  }

  /**
   * The header of a block and the hashes of its transactions, not checked.
   *
   * @param height a height of at least 1, or {@code "latest"}
   */
  public Answer<BlockAnswer> block(String height) throws InterruptedException {
    return ask(
        request("blocks/" + height).build(),
        Duration.ZERO,
        fields ->
            new BlockAnswer(
                fields.value("header", BlockHeader::decode), fields.digests("transactions")));
  }

  /** A block as a node tells it. */
  public record BlockAnswer(BlockHeader header, List<Digest> transactions) {
    public BlockAnswer {
      transactions = List.copyOf(transactions);
    }
  }

  /** The certificates of the block at {@code height}, not checked. */
  public Answer<CertificateAnswer> certificate(long height) throws InterruptedException {
    return ask(
        request("blocks/" + height + "/certificate").build(),
        Duration.ZERO,
        fields ->
            new CertificateAnswer(
                fields.value("commit_certificate", QuorumCertificate::decode),
                fields.optionalValue("checkpoint_certificate", CheckpointCertificate::decode)));
  }

  /**
   * The certificates of a block as a node tells them.
   *
   * @param checkpoint empty while the node has not seen enough checkpoints of the block
   */
  public record CertificateAnswer(
      QuorumCertificate commit, Optional<CheckpointCertificate> checkpoint) {}

  /**
   * Headers in a row and what proves the last of them, not checked.
   *
   * @param from the height of the first, 1 or more
   * @param to the height of the last, less than {@value #HEADERS_MAX} above {@code from}; a node
   *     hands over fewer where its chain is shorter
   */
  public Answer<HeaderBatch> headers(long from, long to) throws InterruptedException {
    return read(
        request("headers?from=" + from + "&to=" + to).build(),
        Duration.ZERO,
        HEADERS_ANSWER_BYTES_MAX,
        body -> {
          AnswerFields fields = AnswerFields.parse(body);
          return new HeaderBatch(
              fields.values("headers", HEADERS_MAX, BlockHeader::decode),
              fields.value("commit", QuorumCertificate::decode),
              fields.optionalValue("checkpoint", CheckpointCertificate::decode));
        });
  }

  /** What the node says of itself. */
  public Answer<NodeStatus> status() throws InterruptedException {
    return ask(
        request("status").build(),
        Duration.ZERO,
        fields ->
            new NodeStatus(
                fields.text("chain_id"),
                fields.digest("chain_hash"),
                fields.text("name"),
                fields.integer("replica"),
                fields.integer("view"),
                fields.text("primary"),
                fields.bool("active"),
                fields.integer("height"),
                fields.digest("block_hash"),
                fields.digest("state_root"),
                fields.integer("stable_height"),
                fields.integer("mempool_transactions"),
                fields.integer("peers_connected"),
                fields.bool("ready"),
                fields.optionalText("not_ready"),
                fields.text("version")));
  }

  /** The heights of the snapshots that the node has. */
  public Answer<List<Long>> snapshots() throws InterruptedException {
    return ask(request("snapshots").build(), Duration.ZERO, fields -> fields.integers("snapshots"));
  }

  /** The manifest of a snapshot, not checked. */
  public Answer<Manifest> snapshot(long height) throws InterruptedException {
    return read(
        request("snapshots/" + height).build(),
        SNAPSHOT_WAIT,
        body -> {
          try {
            return Decoder.decode(body, Manifest::decode);
          } catch (MalformedException e) {
            throw new MalformedAnswerException("no manifest: " + e.getMessage(), e);
          }
        });
  }

  /** A chunk of a snapshot, not checked. */
  public Answer<byte[]> snapshotChunk(long height, int index) throws InterruptedException {
    return read(
        request("snapshots/" + height + "/chunks/" + index).build(), SNAPSHOT_WAIT, body -> body);
  }

  /** The highest nonce the chain has used of a client, as far as the node knows; 0 if none. */
  public Answer<Long> highestNonce(PublicKey client) throws InterruptedException {
    return ask(
        request("clients/" + client).build(),
        Duration.ZERO,
        fields -> fields.integer("highest_nonce"));
  }

  /** The first evidence that the node says to hold, not checked. */
  public Answer<EvidenceListing> evidence() throws InterruptedException {
    return ask(
        request("evidence").build(),
        Duration.ZERO,
        fields -> {
          List<EvidenceListing.Entry> entries = new ArrayList<>();
          for (AnswerFields entry : fields.objects("evidence")) {
            entries.add(
                new EvidenceListing.Entry(
                    entry.text("id"), entry.text("kind"), entry.texts("validators")));
          }
          return new EvidenceListing(fields.integer("total"), entries);
        });
  }

  /** A piece of evidence, not checked. */
  public Answer<FaultProof> evidence(String id) throws InterruptedException {
    return read(
        request("evidence/" + id).build(),
        Duration.ZERO,
        body -> {
          try {
            return EvidenceJson.read(body);
          } catch (MalformedException e) {
            throw new MalformedAnswerException("no evidence: " + e.getMessage(), e);
          }
        });
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(API + path)).header("Accept", "application/json");
  }

  private interface FieldsReader<T> {
    T read(AnswerFields fields) throws MalformedAnswerException;
  }

  private interface BodyReader<T> {
    T read(byte[] body) throws MalformedAnswerException;
  }

  private <T> Answer<T> ask(HttpRequest request, Duration wait, FieldsReader<T> reader)
      throws InterruptedException {
    return read(request, wait, body -> reader.read(AnswerFields.parse(body)));
  }

  private <T> Answer<T> read(HttpRequest request, Duration wait, BodyReader<T> reader)
      throws InterruptedException {
    return read(request, wait, ANSWER_BYTES_MAX, reader);
  }

  private <T> Answer<T> read(HttpRequest request, Duration wait, int bytesMax, BodyReader<T> reader)
      throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(request, BoundedBody.ofAtMost(bytesMax));
    long timeoutMillis = wait.plus(ANSWER_TIMEOUT).toMillis();
    try {
      // Not the request's own timeout: that one ends with the headers, and a body can take for
      // ever.
      return read(exchange.get(timeoutMillis, TimeUnit.MILLISECONDS), reader);
    } catch (TimeoutException e) {
      return new Answer.Failed<>(false, "no answer within " + timeoutMillis + " ms");
    } catch (ExecutionException e) {
      return failed(e.getCause());
    } catch (MalformedAnswerException e) {
      return new Answer.Failed<>(true, "an answer that cannot be used: " + e.getMessage());
    } finally {
      exchange.cancel(true);
    }
  }

  private static <T> Answer<T> read(HttpResponse<byte[]> response, BodyReader<T> reader)
      throws MalformedAnswerException {
    int status = response.statusCode();
    if (status == 200 || status == 202) {
      return new Answer.Given<>(reader.read(response.body()));
    }
    if (status < 400) {
      throw new MalformedAnswerException("HTTP status " + status);
    }
    AnswerFields fields;
    try {
      fields = AnswerFields.parse(response.body());
    } catch (MalformedAnswerException e) {
      throw new MalformedAnswerException("HTTP status " + status + ", " + e.getMessage(), e);
    }
    String type = fields.text("type");
    return new Answer.Refused<>(
        new Problem(
            type.startsWith(Problem.TYPE_PREFIX)
                ? type.substring(Problem.TYPE_PREFIX.length())
                : "",
            fields.text("title"),
            status,
            fields.optionalText("detail").orElse("")));
  }

  private static <T> Answer<T> failed(@Nullable Throwable cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new Answer.Failed<>(false, "no connection");
    }
    if (cause instanceof BoundedBody.TooLargeException) {
      return new Answer.Failed<>(true, String.valueOf(cause.getMessage()));
    }
    if (cause instanceof IOException) {
      return new Answer.Failed<>(false, "the connection broke: " + cause.getMessage());
    }
    return new Answer.Failed<>(false, String.valueOf(cause));
  }
}
