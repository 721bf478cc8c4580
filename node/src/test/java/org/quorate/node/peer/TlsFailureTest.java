package org.quorate.node.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log says of a failed connection sends its reader to the right place. */
class TlsFailureTest {
  @Test
  void aConnectionThatIsResetIsLostAlsoWhenTlsWasWriting() {
    IOException reset = new IOException("Connection reset by peer");
    assertThat(TlsFailure.isConnectionLost(reset)).isTrue();
    assertThat(TlsFailure.isConnectionLost(new ClosedChannelException())).isTrue();
    assertThat(TlsFailure.isConnectionLost(new SSLException("failure when writing", reset)))
        .isTrue();
  }

  @Test
  void aFailureOfTlsIsNoLostConnection() {
    assertThat(TlsFailure.isConnectionLost(new SSLException("no cipher suites in common")))
        .isFalse();
    assertThat(
            TlsFailure.isConnectionLost(
                new SSLHandshakeException("PKIX").initCause(new CertificateException("odd"))))
        .isFalse();
    assertThat(
            TlsFailure.isConnectionLost(
                new SSLException("outer", new SSLHandshakeException("inner"))))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "certificate_unknown, REFUSED_BY_PEER, is its genesis file the same?",
    "bad_certificate, REFUSED_BY_PEER, is its genesis file the same?",
    "bad_record_mac, TLS_FAILED, what this node sent arrived damaged",
    "decode_error, TLS_FAILED, it gave up TLS (decode_error)",
  })
  void anAlertIsBlamedOnTheCertificateOnlyIfItIsAboutOne(
      String alert, Refusal reason, String words) {
    for (String message :
        new String[] {
          "Received fatal alert: " + alert, "(" + alert + ") Received fatal alert: " + alert
        }) {
      TlsFailure failure = TlsFailure.of(new DecoderException(new SSLHandshakeException(message)));
      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure.why()).contains(words).contains(alert);
    }
  }

  @Test
  void bytesThatWereDamagedOnTheWayAreSaidToBe() {
    TlsFailure failure =
        TlsFailure.of(
            new DecoderException(
                new SSLException("Tag mismatch!", new AEADBadTagException("Tag mismatch!"))));
    assertThat(failure.reason()).isEqualTo(Refusal.TLS_FAILED);
    assertThat(failure.why()).contains("arrived damaged");
  }

  @Test
  void whatIsNotOfTlsIsNoFailureOfIt() {
    assertThat(TlsFailure.of(new IllegalStateException("a bug"))).isNull();
  }
}
