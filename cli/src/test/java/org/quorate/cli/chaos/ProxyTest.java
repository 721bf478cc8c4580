package org.quorate.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quorate.cli.network.FreePorts;

/** What the proxy does to a connection is what the weather says. */
@Timeout(30)
final class ProxyTest {
  private static final int SILENCE_MILLIS = 200;
  private static final int DELAY_MILLIS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Link out = new Link();
  private final Link back = new Link();
  private ServerSocket target;
  private InetSocketAddress address;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    target = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    int port = FreePorts.base(1) + 1;
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    proxy = new Proxy(port, (InetSocketAddress) target.getLocalSocketAddress(), out, back, 1);
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    target.close();
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket();
    socket.connect(address);
    return socket;
  }

  private static void write(Socket socket, int... bytes) throws IOException {
    for (int each : bytes) {
      socket.getOutputStream().write(each);
    }
  }

  private static boolean silent(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      int read = socket.getInputStream().read();
      throw new AssertionError("not silent: " + read);
    } catch (SocketTimeoutException e) {
      socket.setSoTimeout(0);
      return true;
    }
  }

  @Test
  void bytesPassInBothDirectionsAndInOrder() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      write(dialer, 1, 2, 3);
      write(accepted, 4, 5);
      assertThat(accepted.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
      assertThat(dialer.getInputStream().readNBytes(2)).containsExactly(4, 5);
      assertThat(out.bytesPassed()).isEqualTo(3);
      assertThat(back.bytesPassed()).isEqualTo(2);
    }
  }

  @Test
  void oneDirectionIsSilentWhileTheOtherSpeaksAndNothingIsLostWhenItClears() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.of(LinkWeather.Reach.SILENT));
      write(dialer, 1);
      write(accepted, 2);
      assertThat(dialer.getInputStream().read()).isEqualTo(2);
      assertThat(silent(accepted)).isTrue();
      out.set(LinkWeather.CLEAR);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void theEndOfAConnectionIsLostInSilenceToo() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.of(LinkWeather.Reach.SILENT));
      dialer.shutdownOutput();
      assertThat(silent(accepted)).isTrue();
      out.set(LinkWeather.CLEAR);
      assertThat(accepted.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aRefusingProxyResetsWhatIsThereAndListensNoMoreUntilItClears() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.of(LinkWeather.Reach.REFUSED));
      assertThatThrownBy(() -> dialer.getInputStream().read()).hasMessageContaining("reset");
      assertThatThrownBy(() -> accepted.getInputStream().read()).hasMessageContaining("reset");
      await().atMost(PATIENCE).until(this::refused);
      out.set(LinkWeather.CLEAR);
      await().atMost(PATIENCE).until(() -> !refused());
    }
  }

  private boolean refused() {
    try {
      dial().close();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aResettingProxyAcceptsAndEndsAtOnce() throws Exception {
    out.set(LinkWeather.of(LinkWeather.Reach.RESET));
    try (Socket dialer = dial()) {
      assertThatThrownBy(() -> dialer.getInputStream().read()).hasMessageContaining("reset");
    }
  }

  @Test
  void aDelayedByteComesLate() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.slow(DELAY_MILLIS, 0));
      long before = System.nanoTime();
      write(dialer, 1);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);
      assertThat(System.nanoTime() - before)
          .isGreaterThanOrEqualTo(Duration.ofMillis(DELAY_MILLIS).toNanos());
    }
  }

  @Test
  void aNarrowLinkTakesItsTime() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.narrow(10_000));
      long before = System.nanoTime();
      dialer.getOutputStream().write(new byte[4_000]);
      assertThat(accepted.getInputStream().readNBytes(4_000)).hasSize(4_000);
      write(dialer, 1);
      assertThat(accepted.getInputStream().read()).isEqualTo(1);
      assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(390).toNanos());
    }
  }

  @Test
  void aGarblingLinkFlipsOneBitOfAChunk() throws Exception {
    try (Socket dialer = dial();
        Socket accepted = target.accept()) {
      out.set(LinkWeather.garbling(1));
      write(dialer, 6);
      assertThat(accepted.getInputStream().read()).isEqualTo(7);
      assertThat(out.flips()).isEqualTo(1);
    }
  }

  @Test
  void aTargetThatIsNotThereLooksLikeOneThatResets() throws Exception {
    target.close();
    try (Socket dialer = dial()) {
      assertThatThrownBy(() -> dialer.getInputStream().read()).isInstanceOf(IOException.class);
    }
  }
}
