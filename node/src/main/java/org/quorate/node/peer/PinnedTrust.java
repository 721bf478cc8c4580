package org.quorate.node.peer;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * Trusts a certificate for its key alone: it must be the key of a validator of the genesis. That
 * the peer holds the private key is proved by its signature in the TLS handshake; names, dates and
 * signatures of certificates say nothing here, so no clock is asked.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
  /** The DER of an Ed25519 SubjectPublicKeyInfo before the 32 bytes of the key (RFC 8410, §4). */
  private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String chainId;
  private final ValidatorSet validators;

  PinnedTrust(ChainSpec chain) {
    this.chainId = chain.chainId();
    this.validators = chain.validators();
  }

  /** The certificate's key is no validator's. */
  static final class StrangerException extends CertificateException {
    private static final long serialVersionUID = 1L;

    StrangerException(String message) {
      super(message);
    }
  }

  /** The Ed25519 key of a certificate; empty if it has a key of another kind. */
  static Optional<PublicKey> key(X509Certificate certificate) {
    byte[] info = certificate.getPublicKey().getEncoded();
    return info != null
            && info.length == PREFIX.length + PublicKey.BYTES
            && Arrays.equals(info, 0, PREFIX.length, PREFIX, 0, PREFIX.length)
        ? Optional.of(PublicKey.of(Arrays.copyOfRange(info, PREFIX.length, info.length)))
        : Optional.empty();
  }

  private void check(X509Certificate[] chain) throws StrangerException {
    if (chain.length == 0) {
      throw new StrangerException("it shows no certificate");
    }
    PublicKey key =
        key(chain[0])
            .orElseThrow(() -> new StrangerException("its certificate has no Ed25519 key"));
    if (validators.replica(key).isEmpty()) {
      throw new StrangerException(
          "its key " + key + " is that of no validator of the chain " + chainId);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
