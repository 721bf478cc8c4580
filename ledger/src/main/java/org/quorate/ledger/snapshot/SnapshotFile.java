package org.quorate.ledger.snapshot;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.state.StateChunks;

/**
 * A snapshot as one file, to be carried by hand: {@code "quorate-snapshot/1\n" ‖ bytes manifest ‖
 * for each chunk: bytes chunk}. Owned by one thread; the stream is the caller's to close.
 */
public final class SnapshotFile {
  private static final byte[] MAGIC = "quorate-snapshot/1\n".getBytes(StandardCharsets.US_ASCII);

  private final DataInputStream in;
  private final Manifest manifest;
  private int next;

  private SnapshotFile(DataInputStream in, Manifest manifest) {
    this.in = in;
    this.manifest = manifest;
  }

  /**
   * Writes a snapshot of the folder.
   *
   * @throws MalformedException if it is damaged, or gone
   */
  public static void write(SnapshotFolder folder, long height, OutputStream target)
      throws IOException, MalformedException {
    DataOutputStream out = new DataOutputStream(target);
    Manifest manifest = folder.manifest(height).orElseThrow(() -> gone(height));
    out.write(MAGIC);
    bytes(out, manifest.encoded());
    for (int i = 0; i < manifest.chunks().size(); i++) {
      bytes(out, folder.chunk(height, i).orElseThrow(() -> gone(height)));
    }
    out.flush();
  }

  private static MalformedException gone(long height) {
    return new MalformedException("there is no whole snapshot at height " + height);
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Begins to read a file.
   *
   * @throws MalformedException if it is not one
   */
  public static SnapshotFile read(InputStream source) throws IOException, MalformedException {
    DataInputStream in = new DataInputStream(source);
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new MalformedException("this is no file of a snapshot");
    }
    Manifest manifest = Decoder.decode(bytes(in, Manifest.BYTES_MAX), Manifest::decode);
    return new SnapshotFile(in, manifest);
  }

  private static byte[] bytes(DataInputStream in, int max) throws IOException, MalformedException {
    try {
      int length = in.readInt();
      if (length < 0 || length > max) {
        throw new MalformedException("the file of the snapshot is damaged: a part is too long");
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException();
      }
      return bytes;
    } catch (EOFException e) {
      throw new MalformedException("the file of the snapshot is cut off", e);
    }
  }

  /** What the file is of; not checked. */
  public Manifest manifest() {
    return manifest;
  }

  /**
   * The next chunk, not checked; empty after the last.
   *
   * @throws MalformedException if the file is cut off, or goes on after the last chunk
   */
  public Optional<byte[]> nextChunk() throws IOException, MalformedException {
    if (next == manifest.chunks().size()) {
      if (in.read() >= 0) {
        throw new MalformedException("the file of the snapshot goes on after its last chunk");
      }
      return Optional.empty();
    }
    next++;
    return Optional.of(bytes(in, StateChunks.CHUNK_BYTES_MAX));
  }
}
