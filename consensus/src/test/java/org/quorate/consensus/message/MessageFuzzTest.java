package org.quorate.consensus.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;

final class MessageFuzzTest {
  @FuzzTest
  void bytesAreAMessageInOneFormOrRefused(byte[] bytes) {
    try {
      assertThat(MessageCodec.encode(MessageCodec.decodeUnchecked(bytes))).isEqualTo(bytes);
    } catch (MalformedException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @FuzzTest
  void theAuthenticatorOpensOrRefusesAnyBytes(byte[] bytes) {
    try {
      Authenticated opened = SampleMessages.replica(0).open(new ReplicaId(1), bytes);
      assertThat(MessageCodec.encode(opened.message())).isEqualTo(bytes);
    } catch (RejectedException e) {
      assertThat(e.reason()).isNotNull();
    }
  }
}
