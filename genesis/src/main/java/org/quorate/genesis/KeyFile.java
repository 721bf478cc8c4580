package org.quorate.genesis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.crypto.SigningKey;

/**
 * A private key on disk: Ed25519 in PKCS#8, PEM armoured (RFC 5958, RFC 7468, RFC 8410 §7), not
 * encrypted, readable by its owner only. {@code openssl genpkey -algorithm ed25519} writes the same
 * form.
 *
 * <pre>
 * file = "-----BEGIN PRIVATE KEY-----\n" base64(der) "\n-----END PRIVATE KEY-----\n"
 * der  = 30 2e 02 01 00 30 05 06 03 2b 65 70 04 22 04 20 ‖ seed(32)
 * </pre>
 */
public final class KeyFile {
  private static final byte[] DER_PREFIX = Hex.decode("302e020100300506032b657004220420");
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----\\s*");
  private static final int FILE_BYTES_MAX = 4_096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private KeyFile() {}

  /**
   * Reads a key that nobody but the file's owner can read.
   *
   * @throws KeyFileException if the file cannot be read, is open to others, or holds something else
   */
  public static SigningKey read(Path file) throws KeyFileException {
    byte[] content;
    try {
      checkPrivate(file);
      try (InputStream in = Files.newInputStream(file)) {
        content = in.readNBytes(FILE_BYTES_MAX);
      }
    } catch (IOException e) {
      throw new KeyFileException("cannot read the key " + file + ": " + JsonObject.reason(e), e);
    }
    return parse(file, content);
  }

  private static void checkPrivate(Path file) throws IOException, KeyFileException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new KeyFileException(file + " is no regular file; name a key file");
    }
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (UnsupportedOperationException e) {
      throw new KeyFileException(
          file + " lies on a file system without permissions; move it to one that has them", e);
    }
    if (!OWNERS.containsAll(permissions)) {
      throw new KeyFileException(
          file
              + " is open to other users ("
              + PosixFilePermissions.toString(permissions)
              + "), and may be known to them; if you are sure it is not, run: chmod 600 "
              + file);
    }
  }

  private static SigningKey parse(Path file, byte[] content) throws KeyFileException {
    Matcher pem = PEM.matcher(new String(content, StandardCharsets.ISO_8859_1));
    if (!pem.matches()) {
      throw new KeyFileException(
          file + " is no unencrypted PEM private key (-----BEGIN PRIVATE KEY-----)");
    }
    byte[] der;
    try {
      der = Base64.getDecoder().decode(pem.group(1).replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new KeyFileException(file + " is damaged: its base64 is not valid", e);
    }
    int length = DER_PREFIX.length + SigningKey.SEED_BYTES;
    if (der.length != length
        || !Arrays.equals(der, 0, DER_PREFIX.length, DER_PREFIX, 0, DER_PREFIX.length)) {
      throw new KeyFileException(
          file + " holds no Ed25519 key in PKCS#8; make one by `keys new FILE`");
    }
    return SigningKey.ofSeed(Arrays.copyOfRange(der, DER_PREFIX.length, length));
  }

  /**
   * Writes a new key file of mode 0600, synced to the disk. A file that is there is never
   * overwritten.
   *
   * @throws KeyFileException if it exists or cannot be written
   */
  public static void write(Path file, SigningKey key) throws KeyFileException {
    byte[] pem = pem(key);
    try (FileChannel out =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer buffer = ByteBuffer.wrap(pem);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    } catch (IOException | UnsupportedOperationException e) {
      throw new KeyFileException(
          "cannot write the key "
              + file
              + ": "
              + (e instanceof IOException io
                  ? JsonObject.reason(io)
                  : "its file system has no permissions"),
          e);
    }
  }

  private static byte[] pem(SigningKey key) {
    byte[] der = Arrays.copyOf(DER_PREFIX, DER_PREFIX.length + SigningKey.SEED_BYTES);
    System.arraycopy(key.seed(), 0, der, DER_PREFIX.length, SigningKey.SEED_BYTES);
    return ("-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(der)
            + "\n-----END PRIVATE KEY-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
