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
import org.quorate.ledger.proof.Proof;

final class StateProofJsonTest {
  private final Samples samples;
  private final String json;

  StateProofJsonTest() throws LedgerException {
    samples = new Samples();
    json = new String(ProofBundle.write(samples.stateProof), UTF_8);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws MalformedException {
    assertThat(StateProofJson.read(json.getBytes(UTF_8))).isEqualTo(samples.stateProof);
    assertThat(ProofBundle.read(json.getBytes(UTF_8))).isEqualTo(samples.stateProof);
    assertThat(ProofBundle.read(ProofBundle.write(samples.proof))).isEqualTo(samples.proof);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state-proof/1       | state-proof/2             | format",
        "\"keys\" :          | \"keys\" : [], \"x\" :    | no field",
        "\"state_path\" :    | \"state_paths\" :         | no field",
        "\"6162\", \"6b\"    | \"6b\", \"6162\"          | rising",
        "\"6162\", \"6b\"    | \"6b\", \"6b\"            | rising",
        "\"6162\", \"6b\"    | \"6b\"                    | one value for each key",
        "\"6162\", \"6b\"    | \"\", \"6b\"              | a key has",
        "\"6162\", \"6b\"    | \"616\", \"6b\"           | keys",
        "\"6162\", \"6b\"    | \"6162\", 6               | keys",
        "\"00\", \"0100000001 | \"02\", \"0100000001     | values",
        "\"00\", \"0100000001 | \"00\", \"0100000002     | values",
        "\"query\" : \"         | \"query\" : \"0         | query",
        "\"6b\"               | \"6c\"                  | query",
        "\"state_path\" : \" | \"state_path\" : \"A      | state_path",
      })
  void whatIsNotABundleIsRefused(String part, String instead, String why) {
    assertThat(json).contains(part);
    String changed = json.replaceFirst(Pattern.quote(part), instead);
    assertThatThrownBy(() -> ProofBundle.read(changed.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void bundleWithoutKeysIsRefused() {
    String none =
        json.replaceFirst("\"keys\" : \\[[^]]*]", "\"keys\" : [ ]")
            .replaceFirst("\"values\" : \\[[^]]*]", "\"values\" : [ ]");
    assertThatThrownBy(() -> ProofBundle.read(none.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("1 to 64 keys");
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
      Proof proof;
      try {
        proof = ProofBundle.read(changed);
      } catch (MalformedException e) {
        assertThat(e).hasMessageMatching("(?s).+");
        continue;
      }
      bundles++;
      assertThat(client.check(proof).isValid()).as("bit %d", bit).isFalse();
    }
    assertThat(bundles).isGreaterThan(1_000);
  }
}
