package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9101",
        "localhost:1",
        "node-0.example.org:65535",
        "a.b.:80",
        "[::1]:9101",
        "[fe80::1%eth0]:9101",
        "x_y:0"
      })
  void anAddressIsPrintedAsItWasRead(String text) {
    assertThat(HostPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "host",
        "host:",
        "host:-1",
        "host:+80",
        "host:080",
        "host:65536",
        "host:99999999999",
        "host:80 ",
        " host:80",
        "ho st:80",
        "::1:80",
        "[host]:80",
        "[::1:80",
        "::1]:80",
        "[]:80",
        "-host:80",
        "a..b:80",
        "user@host:80",
        "host/path:80"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
  }

  @Test
  void aHostThatIsTooLongIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new HostPort("a.".repeat(127) + "b", 80));
  }

  @Test
  void anUnresolvedAddressIsNotLookedUp() {
    assertThat(HostPort.parse("node0.invalid:80").unresolved().isUnresolved()).isTrue();
    assertThat(HostPort.parse("127.0.0.1:80").resolve().getAddress().isLoopbackAddress()).isTrue();
  }
}
