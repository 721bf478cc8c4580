package org.quorate.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NonceFileTest {
  @TempDir Path folder;

  private NonceFile nonces;

  @BeforeEach
  void counterOfAlice() {
    nonces = NonceFile.beside(folder.resolve("alice.pem"));
  }

  @Test
  void countsOnFromWhatTheNetworkSaysAndAsksItOnce() throws Exception {
    assertThat(nonces.reserve(1, () -> 41)).isEqualTo(42);
    assertThat(nonces.reserve(10, () -> 0)).isEqualTo(43);
    assertThat(nonces.reserve(1, () -> 0)).isEqualTo(53);
    assertThat(nonces.file()).isEqualTo(folder.resolve("alice.pem.nonce"));
  }

  @Test
  void anotherProcessWouldGoOnWhereThisOneStopped() throws Exception {
    nonces.reserve(7, () -> 0);

    NonceFile again = NonceFile.beside(folder.resolve("alice.pem"));

    assertThat(again.reserve(1, () -> 0)).isEqualTo(8);
  }

  @Test
  void threadsNeverGetTheSameNonce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Long> one = () -> NonceFile.beside(folder.resolve("alice.pem")).reserve(1, () -> 0);
      List<Long> handedOut =
          threads.invokeAll(IntStream.range(0, 200).mapToObj(i -> one).toList()).stream()
              .map(NonceFileTest::result)
              .sorted()
              .toList();

      assertThat(handedOut)
          .isEqualTo(IntStream.rangeClosed(1, 200).mapToObj(i -> (long) i).toList());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Long result(Future<Long> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void canBeRaisedAndNeverFalls() throws Exception {
    nonces.raiseTo(100);
    nonces.raiseTo(50);

    assertThat(nonces.reserve(1, () -> 0)).isEqualTo(101);
  }

  @ParameterizedTest
  @ValueSource(strings = {"seven", "-1\n", "7", "99999999999999999999\n", "9999999999999999999\n"})
  void aFileThatHoldsNoCounterIsRefusedWithTheRemedy(String content) throws IOException {
    Files.writeString(nonces.file(), content);

    assertThatThrownBy(() -> nonces.reserve(1, () -> 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(nonces.file().toString())
        .hasMessageContaining("Remove it");
  }

  @Test
  void theLastNonceIsNotFollowedByTheFirst() throws Exception {
    nonces.raiseTo(Long.MAX_VALUE);

    assertThatThrownBy(() -> nonces.reserve(1, () -> 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("all nonces");
  }
}
