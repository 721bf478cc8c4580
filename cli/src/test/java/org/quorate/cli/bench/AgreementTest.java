package org.quorate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.crypto.Digest;

final class AgreementTest {
  private final Agreement agreement = new Agreement(2);

  private static BlockReport report(long height, String stateRoot) {
    return new BlockReport(
        height, "hash", "receipts", stateRoot, List.of(Digest.ZERO), List.of("executed"));
  }

  @Test
  void aBlockIsAgreedOnOnceWhenTheSecondNodeReportsItAlike() {
    assertThat(agreement.report(0, report(1, "a"))).isEmpty();
    assertThat(agreement.report(1, report(1, "a"))).contains(report(1, "a"));
    assertThat(agreement.report(2, report(1, "a"))).isEmpty();
  }

  @Test
  void reportsThatDifferAnywhereAreNotAlike() {
    assertThat(agreement.report(0, report(1, "a"))).isEmpty();
    assertThat(agreement.report(1, report(1, "b"))).isEmpty();
    assertThat(agreement.report(2, report(1, "b"))).contains(report(1, "b"));
  }

  @Test
  void aNodeHasOneWordForEachHeight() {
    assertThat(agreement.report(0, report(1, "a"))).isEmpty();
    assertThat(agreement.report(0, report(1, "a"))).isEmpty();
    assertThat(agreement.report(0, report(1, "b"))).isEmpty();
    assertThat(agreement.report(1, report(1, "b"))).isEmpty();
  }

  @Test
  void heightsMayBeReportedInAnyOrder() {
    assertThat(agreement.report(0, report(2, "a"))).isEmpty();
    assertThat(agreement.report(1, report(2, "a"))).isPresent();
    assertThat(agreement.report(0, report(1, "a"))).isEmpty();
    assertThat(agreement.report(1, report(1, "a"))).isPresent();
  }
}
