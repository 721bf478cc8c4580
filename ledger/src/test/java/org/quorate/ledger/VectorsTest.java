package org.quorate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.json.ProofJson;
import org.quorate.ledger.json.StateProofJson;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.store.Table;

/**
 * The vectors of FORMAT.md are those of the code. A failure here is a change of format: existing
 * chains, proofs and verifiers in other languages no longer fit.
 */
final class VectorsTest {
  private final Samples samples;

  VectorsTest() throws LedgerException {
    samples = new Samples();
  }

  @Test
  void vectorsOfTheFormatPageHold() throws IOException {
    StringBuilder vectors = new StringBuilder();
    computed().forEach((name, hex) -> vectors.append(name).append(" = ").append(hex).append('\n'));
    assertThat(block("vectors")).isEqualTo(vectors.toString());
  }

  @Test
  void proofOfTheFormatPageHolds() throws IOException {
    assertThat(block("json")).isEqualTo(new String(ProofJson.write(samples.proof), UTF_8));
  }

  @Test
  void stateProofOfTheFormatPageHolds() throws IOException {
    assertThat(block("state-proof"))
        .isEqualTo(new String(StateProofJson.write(samples.stateProof), UTF_8));
  }

  @Test
  void evidenceOfTheFormatPageHolds() throws IOException {
    assertThat(block("evidence"))
        .isEqualTo(new String(EvidenceJson.write(samples.contradiction()), UTF_8));
  }

  @Test
  void divergenceOfTheFormatPageHolds() throws IOException {
    assertThat(block("divergence"))
        .isEqualTo(new String(EvidenceJson.write(samples.divergence()), UTF_8));
  }

  Map<String, String> computed() {
    TestChain chain = samples.chain;
    Map<String, String> vectors = new LinkedHashMap<>();
    int index = 0;
    for (Validator validator : chain.spec().validators().validators()) {
      vectors.put("validator-" + index++ + "-key", validator.publicKey().hex());
    }
    key(vectors, "alice", TestChain.ALICE);
    key(vectors, "bob", TestChain.BOB);
    vectors.put("genesis", Hex.encode(chain.spec().encoded()));
    vectors.put("chain-hash", chain.spec().chainHash().hex());
    vectors.put("validator-set-hash", chain.spec().validators().hash().hex());
    vectors.put("genesis-block-hash", chain.spec().genesisBlock().hash().hex());
    vectors.put("genesis-state-root", samples.genesisCheckpoint.stateRoot().hex());
    samples.all().forEach((name, s) -> vectors.put(name, Hex.encode(s.value().encoded())));
    vectors.put("transaction-signed-bytes", Hex.encode(samples.first.signedBytes()));
    int number = 1;
    for (Transaction transaction : samples.committed.block().transactions()) {
      vectors.put("transaction-hash-" + number++, transaction.hash().hex());
    }
    Checkpoint checkpoint = samples.applied.checkpoint();
    vectors.put("transactions-root", samples.committed.block().header().transactionsRoot().hex());
    vectors.put("block-hash", samples.committed.block().hash().hex());
    vectors.put(
        "commit-vote-signed-bytes",
        Hex.encode(samples.committed.commit().vote().signedBytes(chain.spec().chainHash())));
    vectors.put(
        "checkpoint-signed-bytes", Hex.encode(checkpoint.signedBytes(chain.spec().chainHash())));
    vectors.put("receipts-root", checkpoint.receiptsRoot().hex());
    byte[] k = {0, 'k'};
    Digest value = Digest.sha256(new byte[] {'v'});
    vectors.put("path-of-k", Digest.sha256(k).hex());
    vectors.put(
        "leaf-of-k", Digest.sha256(new byte[] {0}, Digest.sha256(k).bytes(), value.bytes()).hex());
    vectors.put("state-root", checkpoint.stateRoot().hex());
    byte[] entry = samples.store.get(Table.STATE.key(Digest.sha256(k).bytes())).orElseThrow();
    vectors.put("stored-state-of-k", Hex.encode(entry));
    vectors.put(
        "stored-changes-of-block-1",
        Hex.encode(samples.store.get(Table.CHANGED.key(1)).orElseThrow()));
    return vectors;
  }

  private static void key(Map<String, String> vectors, String name, SigningKey key) {
    vectors.put(name + "-key", key.publicKey().hex());
  }

  /** The fenced block of that kind in FORMAT.md. */
  private static String block(String kind) throws IOException {
    String page = Files.readString(Path.of("FORMAT.md"));
    int begin = page.indexOf("```" + kind + "\n") + kind.length() + 4;
    return page.substring(begin, page.indexOf("```", begin));
  }
}
