package org.quorate.node.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quorate.ledger.crypto.Digest;

final class VerifiedHashesTest {
  private static Digest hash(int i) {
    return Digest.sha256(new byte[] {(byte) (i >> 8), (byte) i});
  }

  @Test
  void theLatestHalfIsRememberedAndTheWholeIsBounded() {
    VerifiedHashes hashes = new VerifiedHashes(10);
    for (int i = 0; i < 1_000; i++) {
      hashes.add(hash(i));
      assertThat(hashes.size()).isLessThanOrEqualTo(10);
      for (int recent = Math.max(0, i - 4); recent <= i; recent++) {
        assertThat(hashes.contains(hash(recent))).isTrue();
      }
    }
    assertThat(hashes.contains(hash(0))).isFalse();
  }
}
