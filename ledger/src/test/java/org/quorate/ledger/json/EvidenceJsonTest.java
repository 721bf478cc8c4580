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

final class EvidenceJsonTest {
  private final Samples samples;
  private final String json;

  EvidenceJsonTest() throws LedgerException {
    samples = new Samples();
    json = new String(EvidenceJson.write(samples.contradiction()), UTF_8);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws MalformedException {
    assertThat(EvidenceJson.read(json.getBytes(UTF_8))).isEqualTo(samples.contradiction());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "evidence/1           | evidence/2               | format",
        "\"prepare\"          | \"commit\"               | contradiction",
        "\"prepare\"          | \"PREPARE\"              | kind",
        "\"prepare\"          | \"fork\"                 | links",
        "\"prepare\"          | \"divergence\"           | first",
        "\"prepare\"          | 1                        | kind",
        "\"kind\" :           | \"kind\" : \"prepare\", \"kind\" : | JSON",
        "\"first\" :          | \"links\" : [ ], \"first\" : | no field",
        "\"chain_hash\" : \"  | \"chain_hash\" : \"A     | chain_hash",
        "\"first\" : \"       | \"first\" : \"00         | first",
        "\"second\" : \"      | \"second\" : [ \"        | JSON",
        "{                    | [                        | JSON",
      })
  void whatIsNoEvidenceIsRefused(String part, String instead, String why) {
    assertThat(json).contains(part);
    refused(json.replaceFirst(Pattern.quote(part), instead), why);
  }

  @ParameterizedTest
  @CsvSource({"format", "chain_hash", "kind", "first", "second"})
  void missingFieldIsNamed(String field) {
    refused(
        json.replaceFirst("\\s*\"" + field + "\" : [^,\\n]*,?", "").replaceFirst(",\\s*}", "}"),
        field);
  }

  @Test
  void tooLargeADocumentIsRefusedUnread() {
    refused(" ".repeat(EvidenceJson.BYTES_MAX) + json, "at most");
  }

  private static void refused(String changed, String why) {
    assertThatThrownBy(() -> EvidenceJson.read(changed.getBytes(UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }
}
