package org.quorate.node.peer;

import io.netty.buffer.ByteBuf;

/**
 * Cuts what comes over a connection into frames, integers big-endian:
 *
 * <pre>
 * frame = u32 bodyBytes u8 kind body
 * kind  = 1 HELLO    body is a {@link Hello}
 *       | 2 REFUSAL  body is u8, the code of a {@link Refusal}; the connection ends
 *       | 3 PING     no body
 *       | 4 PONG     no body
 *       | 5 PAYLOAD  body is the payload, at most {@value PeerLimits#PAYLOAD_BYTES_MAX} bytes
 * </pre>
 *
 * A length is checked before anything is allocated for it. Owned by the event loop.
 */
final class FrameReader {
  static final int HEADER_BYTES = 5;
  static final int HELLO = 1;
  static final int REFUSAL = 2;
  static final int PING = 3;
  static final int PONG = 4;
  static final int PAYLOAD = 5;

  /** The longest body before the Hello is done. */
  static final int GREETING_BYTES_MAX = 64;

  private final byte[] header = new byte[HEADER_BYTES];
  private int headerRead;
  private byte[] body = new byte[0];
  private int bodyRead;
  private int bodyBytesMax = GREETING_BYTES_MAX;

  /** Takes the frames, in order. */
  interface Receiver {
    void frame(int kind, byte[] body) throws BadFrameException;
  }

  /** From the next frame on, bodies may be as long as a payload. */
  void greetingDone() {
    bodyBytesMax = PeerLimits.PAYLOAD_BYTES_MAX;
  }

  /**
   * Reads all of {@code in}.
   *
   * @throws BadFrameException if it is no frame, or the receiver says so; the connection is of no
   *     more use
   */
  void read(ByteBuf in, Receiver receiver) throws BadFrameException {
    while (in.isReadable()) {
      if (headerRead < HEADER_BYTES) {
        int length = Math.min(in.readableBytes(), HEADER_BYTES - headerRead);
        in.readBytes(header, headerRead, length);
        headerRead += length;
        if (headerRead < HEADER_BYTES) {
          return;
        }
        startBody();
      }
      int length = Math.min(in.readableBytes(), body.length - bodyRead);
      in.readBytes(body, bodyRead, length);
      bodyRead += length;
      if (bodyRead == body.length) {
        byte[] whole = body;
        headerRead = 0;
        bodyRead = 0;
        body = new byte[0];
        receiver.frame(header[HEADER_BYTES - 1], whole);
      }
    }
  }

  private void startBody() throws BadFrameException {
    int length =
        (header[0] & 0xff) << 24
            | (header[1] & 0xff) << 16
            | (header[2] & 0xff) << 8
            | (header[3] & 0xff);
    int kind = header[HEADER_BYTES - 1];
    if (kind < HELLO || kind > PAYLOAD) {
      throw new BadFrameException("no frame has the kind " + (kind & 0xff));
    }
    int max =
        switch (kind) {
          case HELLO -> GREETING_BYTES_MAX;
          case REFUSAL -> 1;
          case PAYLOAD -> bodyBytesMax;
          default -> 0;
        };
    if (length < 0 || length > max) {
      throw new BadFrameException(
          "a frame of kind %d with %s bytes, at most %d are allowed here"
              .formatted(kind, Integer.toUnsignedString(length), max));
    }
    body = new byte[length];
  }

  /** Writes a frame's header. */
  static void writeHeader(ByteBuf out, int kind, int bodyBytes) {
    out.writeInt(bodyBytes).writeByte(kind);
  }
}
