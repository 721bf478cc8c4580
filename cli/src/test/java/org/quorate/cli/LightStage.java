package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.quorate.cli.client.StubChain;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.json.ProofBundle;
import org.quorate.ledger.proof.Proof;

/**
 * What a light client meets in a test: real HTTP servers that are honest nodes or other ones, their
 * chains, and its folder. The commands run as a user would run them.
 */
final class LightStage implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> CLIENTS = List.of("alice");

  final StubChain chain = new StubChain(1, CLIENTS);

  /** The same genesis and the same validators, who sign another chain too. */
  final StubChain fork = new StubChain(1, CLIENTS);

  /** Of another genesis. */
  final StubChain other = new StubChain(2, CLIENTS);

  /** Those that are asked. */
  final List<StubNode> nodes = new ArrayList<>();

  /** Where all else is. */
  final Path folder;

  /** The light client's folder; not there at first. */
  final Path dir;

  private final List<StubNode> opened = new ArrayList<>();

  /**
   * @param folder an empty one, which gets the genesis files of {@link #chain}, {@code
   *     genesis.json}, and of {@link #other}, {@code other.json}
   */
  LightStage(Path folder) throws Exception {
    this.folder = folder;
    this.dir = folder.resolve("light");
    writeGenesis("genesis.json", chain);
    writeGenesis("other.json", other);
  }

  private void writeGenesis(String name, StubChain of) throws Exception {
    List<HostPort> apis = new ArrayList<>();
    List<HostPort> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      apis.add(new HostPort("127.0.0.1", 1 + i)); // where nobody listens
      peers.add(new HostPort("127.0.0.2", 1 + i));
    }
    new GenesisDocument(of.spec(), peers, apis).write(folder.resolve(name));
  }

  @Override
  public void close() {
    opened.forEach(StubNode::close);
  }

  /** One more node that is asked. */
  StubNode node(StubChain of, Manner manner) {
    StubNode node = new StubNode("node" + nodes.size(), of, other, manner);
    nodes.add(node);
    opened.add(node);
    return node;
  }

  void honestNodes(int count) {
    for (int i = 0; i < count; i++) {
      node(chain, Manner.HONEST);
    }
  }

  static Transaction put(StubChain on, long nonce, String value) {
    return Transaction.sign(
        StubChain.clientKey("alice"),
        on.spec().chainHash(),
        nonce,
        List.of(new Operation.Put(ByteString.utf8("alice/x"), ByteString.utf8(value))));
  }

  /** Blocks up to {@code height}, the same on each chain that is extended by it. */
  static void grow(StubChain on, long height) {
    for (long h = on.ledger().checkpoint().height() + 1; h <= height; h++) {
      on.execute(put(on, h, "v" + h));
    }
  }

  /** Blocks up to {@code height} that are others than {@link #grow} makes. */
  static void growApart(StubChain on, long height) {
    for (long h = on.ledger().checkpoint().height() + 1; h <= height; h++) {
      on.execute(put(on, h, "w" + h));
    }
  }

  String url(int node) {
    return "http://127.0.0.1:" + nodes.get(node).port();
  }

  /** {@code light sync} with these options, of a folder and of all nodes. */
  Run syncTo(Path target, Object... options) {
    List<Object> words =
        new ArrayList<>(
            List.of("light", "sync", "--genesis", folder.resolve("genesis.json"), "--dir", target));
    words.addAll(List.of(options));
    return run(words);
  }

  Run sync(Object... options) {
    return syncTo(dir, options);
  }

  /** As {@link #sync}, which succeeds. */
  JsonNode synced(Object... options) throws Exception {
    List<Object> words = new ArrayList<>(List.of("--format", "json"));
    words.addAll(List.of(options));
    Run run = sync(words.toArray());
    assertThat(run.status()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  Run status() {
    return Run.quorate("light", "status", "--dir", dir);
  }

  /** {@code light state} of these keys and options, asking all nodes. */
  Run state(Object... words) {
    List<Object> all = new ArrayList<>(List.of("light", "state", "--dir", dir));
    all.addAll(List.of(words));
    return run(all);
  }

  private Run run(List<Object> words) {
    for (int i = 0; i < nodes.size(); i++) {
      words.add(url(i));
    }
    return Run.quorate(words.toArray());
  }

  /** {@code light verify} of a proof; no node is asked, unless these words name some. */
  Run verify(Path file, Object... more) {
    List<Object> words = new ArrayList<>(List.of("light", "verify", "--dir", dir, file));
    words.addAll(List.of(more));
    return Run.quorate(words.toArray());
  }

  /** {@code evidence verify} of a file of the folder's. */
  Run verifyEvidence(Path file, Object... options) {
    List<Object> words =
        new ArrayList<>(List.of("evidence", "verify", "--genesis", folder.resolve("genesis.json")));
    words.addAll(List.of(options));
    words.add(file);
    return Run.quorate(words.toArray());
  }

  Path save(String name, Proof proof) throws Exception {
    Path file = folder.resolve(name);
    Files.write(file, ProofBundle.write(proof));
    return file;
  }

  Path transactionProof(StubChain of, long nonce, String value) throws Exception {
    return save(value + ".json", of.proof(put(of, nonce, value).hash()).orElseThrow());
  }

  /** The files of a folder, by name, but for the lock. */
  static Map<String, String> contents(Path of) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(of)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK")) {
          contents.put(of.relativize(file).toString(), Hex.encode(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  /** Expects the hash of each block of {@link #chain} up to {@code height}, and no more. */
  void hasHashesUpTo(long height) throws Exception {
    byte[] hashes = Files.readAllBytes(dir.resolve("hashes-0"));
    assertThat(hashes).hasSize((int) (height + 1) * Digest.BYTES);
    for (long h = 1; h <= height; h++) {
      assertThat(Digest.of(hashes, (int) h * Digest.BYTES))
          .isEqualTo(
              chain.ledger().header(h).orElseThrow().header().hash(chain.spec().chainHash()));
    }
  }
}
