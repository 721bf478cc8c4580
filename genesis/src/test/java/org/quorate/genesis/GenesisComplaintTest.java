package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.membership.ValidatorSet;

/** Each way to spoil a genesis file, and the sentence that its author gets. */
final class GenesisComplaintTest {
  private static final String KEY_2 =
      "ccb986efd39bc3bfb902936230ac8a654ff3386608c49eb1045b562ba2160512";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '~',
      value = {
        // fields that are unknown, missing, double
        "\"chain_id\": \"local-4\" ~ \"chain\": \"local-4\" ~ chain: unknown field; the fields here are chain_id, genesis_time",
        "\"chain_id\": \"local-4\", ~  ~ chain_id: missing",
        "\"window_blocks\": 64, ~  ~ consensus_params.window_blocks: missing",
        "\"window_blocks\": 64, ~ \"window_blocks\": 64, \"window_blocks\": 64, ~ Duplicate field 'window_blocks'",
        "\"alice/balance\": ~ \"shared/motto\": ~ Duplicate field 'shared/motto'",
        "\"name\": \"node2\", ~ \"name\": \"node2\", \"power\": 10, ~ validators[2].power: unknown field",
        "\"name\": \"bob\", ~  ~ clients[1].name: missing",
        // types
        "\"local-4\" ~ 4 ~ chain_id: a text in quotes, not the number 4",
        "\"local-4\" ~ null ~ chain_id: a text in quotes, not null",
        "\"window_blocks\": 64 ~ \"window_blocks\": \"64\" ~ consensus_params.window_blocks: an integer",
        "\"window_blocks\": 64 ~ \"window_blocks\": 64.0 ~ consensus_params.window_blocks: an integer",
        "\"window_blocks\": 64 ~ \"window_blocks\": 4294967360 ~ consensus_params.window_blocks: an integer below 2^31",
        "\"alice/balance\": \"100\" ~ \"alice/balance\": 100 ~ app_state[\"alice/balance\"]: a text in quotes, not the number 100",
        "\"bob/\", ~ [], ~ clients[1].write_prefixes[0]: a text in quotes, not a list",
        // ranges
        "\"local-4\" ~ \"local 4\" ~ chain_id: chain_id has 1 to 64 letters",
        "\"local-4\" ~ \"\" ~ chain_id: ",
        "\"node0\" ~ \"\" ~ validators[0].name: the name of a validator has 1 to 64 bytes, not 0",
        "\"window_blocks\": 64 ~ \"window_blocks\": 1 ~ consensus_params: window_blocks is 2 to 1024, not 1",
        "\"block_bytes_max\": 1048576 ~ \"block_bytes_max\": 100 ~ consensus_params: block_bytes_max is 131072 to 4194304, not 100",
        "\"alice/balance\" ~ \"\" ~ app_state[\"\"]: a key has 1 to 256 bytes, not 0",
        // times
        "2026-01-31T12:00:00Z ~ 2026-01-31 ~ genesis_time: a time in UTC such as 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z ~ 2026-01-31T12:00:00+01:00 ~ genesis_time: a time in UTC",
        "2026-01-31T12:00:00Z ~ 2026-02-30T12:00:00Z ~ genesis_time: a time in UTC",
        "2026-01-31T12:00:00Z ~ 1969-12-31T23:59:59Z ~ genesis_time: a time in UTC",
        "2026-01-31T12:00:00Z ~ +1000000000-12-31T23:59:59Z ~ genesis_time: a time in UTC",
        "2026-01-31T12:00:00Z ~ 2026-01-31T12:00:00.0001Z ~ genesis_time: has at most three decimals",
        // keys
        "ccb986ef ~ CCB986ef ~ validators[2].public_key: not a lower-case hex digit",
        "ccb986ef ~ ccb986 ~ validators[2].public_key: expected 64 hex digits, not 62",
        "ccb986ef ~ zcb986ef ~ validators[2].public_key: not a lower-case hex digit at position 0",
        // addresses
        "127.0.0.1:9103 ~ 127.0.0.1 ~ validators[2].peer_address: an address is host:port",
        "127.0.0.1:9103 ~ 127.0.0.1:99999 ~ validators[2].peer_address: a port is 0 to 65535",
        "127.0.0.1:9103 ~ 127.0.0.1:0 ~ validators[2].peer_address: needs a port from 1 to 65535",
        "127.0.0.1:9103 ~ http://127.0.0.1:9103 ~ validators[2].peer_address: square brackets",
        "127.0.0.1:9203 ~ no host:9203 ~ validators[2].api_address: 'no host' is no host name",
        // twice
        "\"node2\" ~ \"node0\" ~ validators[2].name: the same as validators[0].name",
        "\"bob\" ~ \"alice\" ~ clients[1].name: the same as clients[0].name",
        "127.0.0.1:9203 ~ 127.0.0.1:9101 ~ validators[2].api_address: the same as validators[0].peer_address",
        "7444725ec9cc008f8a5dccb5f3ce3e5c78c4ef56989383a1eb5bfae80cbe0f00 ~ ccb986efd39bc3bfb902936230ac8a654ff3386608c49eb1045b562ba2160512 ~ validators[2].public_key: the same as validators[1].public_key",
        // text
        "Trust ~ \\ud83d ~ app_state[\"shared/motto\"]: has an escaped surrogate without its other half",
        "\"alice/balance\": ~ \"\\udd0e\": ~ surrogate",
      })
  void aSpoiltFileNamesItsField(String target, String replacement, String complaint) {
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> Example.with(target, replacement == null ? "" : replacement))
        .withMessageContaining(complaint);
  }

  @Test
  void aKeyOfSmallOrderIsRefusedWithTheRemedy() {
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> Example.with(KEY_2, "01" + "0".repeat(62)))
        .withMessageContaining("validators[2].public_key: no Ed25519 public key that may sign")
        .withMessageContaining("keys show");
  }

  @Test
  void aValidatorsKeyMayNotStandForTwoButMayBeAClientsToo() throws Exception {
    Example.with("eedefa6f6c2a340f9148d6617ba5bb2bc0366312768239155e4c25b2733b1f7f", KEY_2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "null", "1", "\"genesis\""})
  void whatIsNoObjectIsSaidToBeNone(String json) {
    assertComplaint(json.getBytes(StandardCharsets.UTF_8), "the file is not a JSON object");
  }

  @Test
  void brokenJsonIsNamedWithLineAndColumn() {
    assertComplaint(
        "{\n  \"chain_id\": oops".getBytes(StandardCharsets.UTF_8), "line 2, column 15: not valid");
  }

  @Test
  void theParsersOwnRemarksAreLeftOut() throws Exception {
    String unclosed = Example.text().strip().replaceAll("}$", "]");
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.parse(unclosed.getBytes(StandardCharsets.UTF_8)))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains("line 62", "']': expected '}'")
                    .doesNotContain("REDACTED"));
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.parse("{\"a\":".getBytes(StandardCharsets.UTF_8)))
        .satisfies(e -> assertThat(e.getMessage()).contains("line 1").doesNotContain("REDACTED"));
  }

  @Test
  void somethingBehindTheEndIsRefused() throws Exception {
    assertComplaint((Example.text() + "{}").getBytes(StandardCharsets.UTF_8), "not valid JSON");
  }

  @Test
  void anEncodingOtherThanUtf8IsRefused() throws Exception {
    assertComplaint(Example.text().getBytes(StandardCharsets.UTF_16BE), "");
    byte[] latin1 = Example.text().replace("Trust", "Tröst").getBytes(StandardCharsets.ISO_8859_1);
    assertComplaint(latin1, "not a text in UTF-8");
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] whole = Example.text().strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      assertComplaint(Arrays.copyOf(whole, length), "");
    }
  }

  @Test
  void noValidatorsAndTooManyValidatorsAreRefused() throws Exception {
    String text = Example.text();
    int from = text.indexOf('[');
    String rest = text.substring(text.indexOf("\"clients\"") - 4);
    assertComplaint(
        (text.substring(0, from) + "[]" + rest).getBytes(StandardCharsets.UTF_8),
        "validators: empty");
    String many =
        IntStream.rangeClosed(0, ValidatorSet.VALIDATORS_MAX)
            .mapToObj(i -> "{}")
            .collect(Collectors.joining(",", "[", "]"));
    assertComplaint(
        (text.substring(0, from) + many + rest).getBytes(StandardCharsets.UTF_8),
        "validators: at most 128 elements, not 129");
  }

  @Test
  void deepNestingIsRefusedAndDoesNoHarm() {
    assertComplaint("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8), "not valid JSON");
  }

  private static void assertComplaint(byte[] file, String complaint) {
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.parse(file))
        .withMessageContaining(complaint);
  }
}
