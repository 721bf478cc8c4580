package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SigningKey;

final class KeyFileTest {
  /** RFC 8410, §10.3: the private key of the example certificate. */
  private static final String RFC_8410_EXAMPLE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----
      """;

  private static final String RFC_8410_PUBLIC_KEY =
      "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

  @TempDir private Path folder;

  private Path file(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("key.pem"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void theExampleOfTheRfcIsRead() throws Exception {
    assertThat(KeyFile.read(file(RFC_8410_EXAMPLE)).publicKey().hex())
        .isEqualTo(RFC_8410_PUBLIC_KEY);
    assertThat(KeyFile.read(file("\n" + RFC_8410_EXAMPLE.replace("\n", "\r\n"))).publicKey().hex())
        .isEqualTo(RFC_8410_PUBLIC_KEY);
  }

  @Test
  void aWrittenKeyIsTheExampleOfTheRfcByteForByte() throws Exception {
    byte[] der = Base64.getMimeDecoder().decode(RFC_8410_EXAMPLE.replaceAll("-----.*-----", ""));
    byte[] seed = java.util.Arrays.copyOfRange(der, 16, 48);
    Path file = folder.resolve("written.pem");
    KeyFile.write(file, SigningKey.ofSeed(seed));
    assertThat(Files.readString(file)).isEqualTo(RFC_8410_EXAMPLE);
  }

  @Test
  void javaItselfReadsTheKeyAndSignsTheSame() throws Exception {
    Path file = folder.resolve("key.pem");
    SigningKey key = SigningKey.generate();
    KeyFile.write(file, key);
    String base64 = Files.readAllLines(file).get(1);
    PrivateKey java =
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(java);
    byte[] message = "message".getBytes(StandardCharsets.UTF_8);
    signature.update(message);
    assertThat(signature.sign()).isEqualTo(KeyFile.read(file).sign(message).bytes());
  }

  @Test
  void aKeyIsWrittenForItsOwnerOnly() throws Exception {
    Path file = folder.resolve("key.pem");
    KeyFile.write(file, SigningKey.generate());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aKeyFileIsNeverOverwritten() throws Exception {
    Path file = file(RFC_8410_EXAMPLE);
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> KeyFile.write(file, SigningKey.generate()))
        .withMessageContaining("exists already");
    assertThat(file).hasContent(RFC_8410_EXAMPLE);
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> KeyFile.write(folder.resolve("none/key.pem"), SigningKey.generate()))
        .withMessageContaining("none/key.pem");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---", "rw-rw-rw-"})
  void aKeyThatOthersCanTouchIsRefused(String permissions) throws Exception {
    Path file = file(RFC_8410_EXAMPLE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> KeyFile.read(file))
        .withMessageContaining(permissions)
        .withMessageContaining("chmod 600 " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "rw-------", "rwx------"})
  void aKeyThatOnlyItsOwnerCanTouchIsRead(String permissions) throws Exception {
    Path file = file(RFC_8410_EXAMPLE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThat(KeyFile.read(file).publicKey().hex()).isEqualTo(RFC_8410_PUBLIC_KEY);
  }

  @Test
  void aMissingFileAndAFolderAreNamed() {
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> KeyFile.read(folder.resolve("none.pem")))
        .withMessageContaining("none.pem: there is no such file");
    assertThatExceptionOfType(KeyFileException.class)
        .isThrownBy(() -> KeyFile.read(folder))
        .withMessageContaining("no regular file");
  }

  @Test
  void anythingElseIsRefused() throws Exception {
    String rsa = RFC_8410_EXAMPLE.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    String encrypted = RFC_8410_EXAMPLE.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    String truncated = RFC_8410_EXAMPLE.replace("dVhC", "");
    String notBase64 = RFC_8410_EXAMPLE.replace("dVhC", "dV=C");
    String x25519 = pem("302e020100300506032b656e04220420" + "11".repeat(32));
    String longer = pem("302e020100300506032b657004220420" + "11".repeat(33));
    for (String content :
        new String[] {
          "",
          "key",
          rsa,
          encrypted,
          truncated,
          notBase64,
          x25519,
          longer,
          RFC_8410_EXAMPLE + RFC_8410_EXAMPLE,
          RFC_8410_EXAMPLE.repeat(1_000)
        }) {
      assertThatExceptionOfType(KeyFileException.class)
          .as(content)
          .isThrownBy(() -> KeyFile.read(file(content)))
          .withMessageContaining("key.pem");
    }
  }

  private static String pem(String derHex) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getEncoder().encodeToString(Hex.decode(derHex))
        + "\n-----END PRIVATE KEY-----\n";
  }
}
