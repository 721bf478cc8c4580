package org.quorate.node.peer;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SigningKey;

/**
 * A validator's key as TLS 1.3 wants it: a self-signed certificate that is made anew at each start,
 * and the contexts of the two ends of a connection. Nothing of it is stored.
 */
record TlsIdentity(SslContext server, SslContext client) {
  /** The DER of an Ed25519 PKCS#8 key before the 32 bytes of the seed (RFC 8410, §7). */
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  /** AES first: the processors that run nodes have instructions for it. */
  private static final List<String> CIPHERS =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

  /** The identity of {@code key}, which trusts the validators of {@code chain} and no one else. */
  static TlsIdentity of(SigningKey key, ChainSpec chain) {
    try {
      PrivateKey privateKey = privateKey(key);
      X509Certificate certificate = certificate(key, privateKey);
      PinnedTrust trust = new PinnedTrust(chain);
      return new TlsIdentity(
          common(SslContextBuilder.forServer(privateKey, certificate), trust)
              .clientAuth(ClientAuth.REQUIRE)
              .build(),
          common(SslContextBuilder.forClient().keyManager(privateKey, certificate), trust)
              .endpointIdentificationAlgorithm(null) // keys are pinned, names say nothing
              .build());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new AssertionError("Java 17 has Ed25519 and TLS 1.3", e);
    }
  }

  private static SslContextBuilder common(SslContextBuilder builder, PinnedTrust trust)
      throws SSLException {
    return builder
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3")
        .ciphers(CIPHERS)
        .trustManager(trust);
  }

  static PrivateKey privateKey(SigningKey key) throws GeneralSecurityException {
    byte[] encoded = new byte[PKCS8_PREFIX.length + SigningKey.SEED_BYTES];
    System.arraycopy(PKCS8_PREFIX, 0, encoded, 0, PKCS8_PREFIX.length);
    System.arraycopy(key.seed(), 0, encoded, PKCS8_PREFIX.length, SigningKey.SEED_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  static X509Certificate certificate(SigningKey key, PrivateKey privateKey)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    X500Name name = new X500Name("CN=quorate validator");
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            new Time(new ASN1GeneralizedTime("19700101000000Z")),
            new Time(new ASN1GeneralizedTime("99991231235959Z")), // RFC 5280, §4.1.2.5: no end
            name,
            new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
                key.publicKey().bytes()));
    ContentSigner signer = new JcaContentSignerBuilder("Ed25519").build(privateKey);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(builder.build(signer).getEncoded()));
  }
}
