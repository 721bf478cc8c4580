package org.quorate.ledger.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quorate.ledger.LedgerException;
import org.quorate.ledger.Samples;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.TransactionProof;

final class ProofJsonTest {
  private final Samples samples;
  private final String json;

  ProofJsonTest() throws LedgerException {
    samples = new Samples();
    json = new String(ProofJson.write(samples.proof), UTF_8);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws MalformedException {
    assertThat(read(json)).isEqualTo(samples.proof);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"format\"           | \"other\"            | other",
        "\"header\" :         | \"header\" : 1, \"x\" : | no field",
        "proof/1              | proof/2              | format",
        "\"transaction_index\" : 1 | \"transaction_index\" : \"1\" | transaction_index",
        "\"transaction_index\" : 1 | \"transaction_index\" : 1.0   | transaction_index",
        "\"transaction_index\" : 1 | \"transaction_index\" : -1    | transaction_index",
        "\"transaction_index\" : 1 | \"transaction_index\" : 2147483648 | transaction_index",
        "\"transaction_index\" : 1 | \"transaction_index\" : null  | transaction_index",
        "\"transaction_index\" : 1 | \"transaction_index\" : 01    | JSON",
        "\"chain_hash\" : \"  | \"chain_hash\" : \"A     | chain_hash",
        "\"receipt\" : \"     | \"receipt\" : \"00       | receipt",
        "\"receipt\" : \"     | \"receipt\" : \"0        | receipt",
        "\"transaction_path\" : [ | \"transaction_path\" : [ 1, | transaction_path",
        "\"receipt_path\" : [ | \"receipt_path\" : [ \"00\", | receipt_path",
        "\"receipt_path\" : [ | \"receipt_path\" : [ [], | JSON",
        "{                    | [                    | JSON",
        "{                    | { \"format\" : \"quorate-proof/1\", | JSON",
      })
  void whatIsNotABundleIsRefused(String part, String instead, String why) {
    assertThat(json).contains(part);
    String changed = json.replaceFirst(Pattern.quote(part), instead);
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "format",
    "chain_hash",
    "header",
    "commit_certificate",
    "transaction",
    "transaction_index",
    "transaction_path",
    "receipt",
    "receipt_path",
    "checkpoint_certificate"
  })
  void missingFieldIsNamed(String field) {
    String without =
        json.replaceFirst("(?s)\\s*\"" + field + "\" : (\\[[^]]*]|[^,\\n]*),?", "")
            .replaceFirst(",\\s*}", "}");
    assertThatThrownBy(() -> read(without))
        .isInstanceOf(MalformedException.class)
        .hasMessage("the field \"" + field + "\" is missing");
  }

  @ParameterizedTest
  @CsvSource({"''", "null", "[]", "1", "{}", "nonsense"})
  void whatIsNoObjectIsRefused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void whatFollowsTheBundleIsRefused() {
    assertThatThrownBy(() -> read(json + "{}")).isInstanceOf(MalformedException.class);
  }

  @Test
  void bundleOfMoreThanItsLimitIsRefused() {
    assertThatThrownBy(() -> ProofJson.read(new byte[ProofJson.BYTES_MAX + 1]))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("at most");
  }

  /** Each bit of the file is turned; what still is a bundle must not convince a light client. */
  @Test
  void noBitOfTheFileCanChange() {
    LightClient client = new LightClient(samples.chain.spec(), SignatureVerifier.ED25519);
    byte[] bytes = json.getBytes(UTF_8);
    int bundles = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      TransactionProof proof;
      try {
        proof = ProofJson.read(changed);
      } catch (MalformedException e) {
        assertThat(e).hasMessageMatching("(?s).+");
        continue;
      }
      bundles++;
      assertThat(client.check(proof).isValid()).as("bit %d", bit).isFalse();
    }
    assertThat(bundles).isGreaterThan(1_000);
  }

  private static TransactionProof read(String text) throws MalformedException {
    return ProofJson.read(text.getBytes(UTF_8));
  }
}
