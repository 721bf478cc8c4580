package org.quorate.node.peer;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The payloads that wait for one peer, bounded in number and bytes. Any thread may {@link #offer};
 * the event loop alone takes them out, as frames, piece by piece. PING and PONG go between frames
 * and are never queued twice, so a peer that pings and does not read cannot fill memory.
 */
final class OutboundQueue {
  private final PeerLimits limits;
  private final PeerMetrics metrics;
  private final ConcurrentLinkedQueue<byte[]> payloads = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger messages = new AtomicInteger();
  private volatile boolean closed;

  // Of the event loop alone.
  private byte @Nullable [] current;
  private int position;
  private boolean pingDue;
  private boolean pongDue;

  OutboundQueue(PeerLimits limits, PeerMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /** Adds a payload, which the queue owns from now on; false if there is no room. */
  boolean offer(byte[] payload) {
    if (closed) {
      return false;
    }
    if (messages.incrementAndGet() > limits.queueMessagesMax()) {
      messages.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(payload.length) > limits.queueBytesMax()) {
      bytes.addAndGet(-payload.length);
      messages.decrementAndGet();
      return false;
    }
    payloads.add(payload);
    if (closed) {
      close(); // it was closed meanwhile: whatever came too late is dropped and counted
    }
    return true;
  }

  /** Payload bytes that wait. */
  long bytes() {
    return bytes.get();
  }

  void ping() {
    pingDue = true;
  }

  void pong() {
    pongDue = true;
  }

  boolean isEmpty() {
    return current == null && !pingDue && !pongDue && payloads.isEmpty();
  }

  /** Fills the rest of {@code out} with frames, the last one in part if need be. */
  void fill(ByteBuf out) {
    while (out.writableBytes() >= FrameReader.HEADER_BYTES) {
      byte[] payload = current;
      if (payload == null) {
        if (pongDue || pingDue) {
          FrameReader.writeHeader(out, pongDue ? FrameReader.PONG : FrameReader.PING, 0);
          pingDue = pongDue && pingDue;
          pongDue = false;
          continue;
        }
        payload = payloads.poll();
        if (payload == null) {
          return;
        }
        FrameReader.writeHeader(out, FrameReader.PAYLOAD, payload.length);
        current = payload;
        position = 0;
      }
      int length = Math.min(out.writableBytes(), payload.length - position);
      out.writeBytes(payload, position, length);
      position += length;
      if (position == payload.length) {
        current = null;
        messages.decrementAndGet();
        bytes.addAndGet(-payload.length);
        metrics.frameSent(FrameReader.HEADER_BYTES + payload.length);
      }
    }
  }

  /** Drops all that waits, and all that comes; each is counted. */
  void close() {
    closed = true;
    for (byte[] payload = payloads.poll(); payload != null; payload = payloads.poll()) {
      messages.decrementAndGet();
      bytes.addAndGet(-payload.length);
      metrics.messageDropped();
    }
  }
}
