package org.quorate.node.peer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;

/** A client on the JDK's own sockets that may break every rule. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  private RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    this.in = new DataInputStream(socket.getInputStream());
    this.out = new DataOutputStream(socket.getOutputStream());
  }

  static RawPeer plain(InetSocketAddress to) throws IOException {
    return new RawPeer(new Socket(to.getAddress(), to.getPort()));
  }

  /**
   * @param key null for no certificate
   */
  static RawPeer tls(InetSocketAddress to, @Nullable SigningKey key, String protocol)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers(key), new TrustManager[] {new TrustsAll()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(to.getAddress(), to.getPort());
    socket.setEnabledProtocols(new String[] {protocol});
    return new RawPeer(socket);
  }

  static RawPeer tls(InetSocketAddress to, SigningKey key) throws Exception {
    return tls(to, key, "TLSv1.3");
  }

  /** Connected and greeted as that validator. */
  static RawPeer greeted(
      InetSocketAddress to, ChainSpec chain, int self, SigningKey key, long instance)
      throws Exception {
    RawPeer peer = tls(to, key);
    peer.frame(
        FrameReader.HELLO, new Hello(chain.chainHash(), new ReplicaId(self), instance).encoded());
    if (peer.readFrameKind() != FrameReader.HELLO) {
      throw new AssertionError("not greeted");
    }
    return peer;
  }

  private static KeyManager @Nullable [] keyManagers(@Nullable SigningKey key) throws Exception {
    if (key == null) {
      return null;
    }
    PrivateKey privateKey = TlsIdentity.privateKey(key);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key",
        privateKey,
        new char[0],
        new Certificate[] {TlsIdentity.certificate(key, privateKey)});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  RawPeer frame(int kind, byte[] body) throws IOException {
    out.writeInt(body.length);
    out.writeByte(kind);
    out.write(body);
    out.flush();
    return this;
  }

  /** Sends a frame to a node that may have closed the link already. */
  void knock(int kind, byte[] body) throws IOException {
    try {
      frame(kind, body);
    } catch (SocketException e) {
      // The refusal was faster; what it was, the test sees by its other means.
    }
  }

  RawPeer header(int kind, int length) throws IOException {
    out.writeInt(length);
    out.writeByte(kind);
    out.flush();
    return this;
  }

  RawPeer bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  int readFrameKind() throws IOException {
    int length = in.readInt();
    int kind = in.readByte();
    in.readFully(new byte[length]);
    return kind;
  }

  /** Whether the other end closes the connection, whatever it says before. */
  boolean isClosedByPeer() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // a TLS alert or a reset
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
