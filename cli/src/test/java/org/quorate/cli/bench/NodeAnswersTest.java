package org.quorate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.crypto.Digest;

/** What nodes say to the load generator, read token by token. */
final class NodeAnswersTest {
  private static final String HASH = "00".repeat(32);

  @Test
  void aBlockEventIsReadWhateverElseItHolds() throws IOException {
    BlockReport report =
        BlockReport.parse(
            """
            {"height": 7, "block_hash": "aa", "view": 3, "more": {"x": [1]}, "receipts_root": "bb",
             "state_root": "cc", "transactions": ["%s"], "outcomes": ["executed"]}
            """
                .formatted(HASH));

    assertThat(report.height()).isEqualTo(7);
    assertThat(report.transactions()).containsExactly(Digest.ZERO);
    assertThat(report.outcomes()).containsExactly("executed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"height\": 7}",
        "{\"height\": \"7\", \"block_hash\": \"aa\"}",
        "{\"height\": 7, \"block_hash\": \"aa\", \"receipts_root\": \"bb\", \"state_root\": \"cc\","
            + " \"transactions\": [\"00\"], \"outcomes\": [\"executed\"]}",
        "{\"height\": 7, \"block_hash\": \"aa\", \"receipts_root\": \"bb\", \"state_root\": \"cc\","
            + " \"transactions\": [], \"outcomes\": [\"executed\"]}",
      })
  void anythingElseIsNoBlockEvent(String json) {
    assertThatThrownBy(() -> BlockReport.parse(json)).isInstanceOf(IOException.class);
  }

  @Test
  void refusalsOfABatchAreFoundByTheirPlace() throws IOException {
    String json =
        """
        {"results": [{"hash": "%s", "status": "pending"},
                     {"problem": {"type": "urn:x", "title": "Full", "status": 503, "detail": "d"}},
                     {"hash": "%s", "status": "executed"},
                     {"problem": {"title": "Forbidden", "status": 403}}]}
        """
            .formatted(HASH, HASH);

    assertThat(BatchAnswer.parse(json.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            new BatchAnswer.Refusal(1, 503, "Full"), new BatchAnswer.Refusal(3, 403, "Forbidden"));
  }

  @Test
  void anAnswerThatIsNoObjectIsNoAnswer() {
    assertThatThrownBy(() -> BatchAnswer.parse("[]".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }
}
