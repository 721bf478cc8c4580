package org.quorate.node.api;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.quorate.ledger.chain.Receipt;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.node.NodeLimits;

/**
 * The open streams of block events (text/event-stream). An event is written once for all of them,
 * on one event loop, so in order; a client that leaves too much unread is cut off and may connect
 * again, and read the blocks it missed by their heights. A stream tells of what happens after it
 * was opened: its first line is a comment that says that it is open.
 */
final class EventStreams implements BlockEvents.Listener {
  private static final String MEDIA_TYPE = "text/event-stream";

  private final EventLoop loop;
  private final int streamsMax;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();

  EventStreams(int streamsMax, EventLoop loop) {
    this.streamsMax = streamsMax;
    this.loop = loop;
    var unused =
        loop.scheduleAtFixedRate(
            () -> send(comment("alive")),
            NodeLimits.EVENT_STREAM_HEARTBEAT_MILLIS,
            NodeLimits.EVENT_STREAM_HEARTBEAT_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  CompletableFuture<Answer> handle(Request request) throws ProblemException {
    if (open.size() >= streamsMax) {
      throw new ProblemException(
          ProblemType.OVERLOADED, "the node has as many open streams as it may");
    }
    return Router.done(new Answer.Stream(MEDIA_TYPE, this::opened));
  }

  private void opened(Channel channel) {
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                NodeLimits.EVENT_STREAM_UNREAD_BYTES_MAX / 2,
                NodeLimits.EVENT_STREAM_UNREAD_BYTES_MAX));
    open.add(channel);
    channel.closeFuture().addListener(closed -> open.remove(channel));
    write(channel, Unpooled.wrappedBuffer(comment("open")));
  }

  int size() {
    return open.size();
  }

  @Override
  public void executed(ExecutedBlock block) {
    if (!open.isEmpty()) {
      loop.execute(() -> send(event("block", block.height(), executedJson(block))));
    }
  }

  @Override
  public void certified(CheckpointCertificate certificate) {
    if (!open.isEmpty()) {
      loop.execute(
          () -> send(event("checkpoint", certificate.height(), certifiedJson(certificate))));
    }
  }

  private void send(byte[] bytes) {
    ByteBuf shared = Unpooled.wrappedBuffer(bytes);
    for (Channel channel : open) {
      if (channel.isWritable()) {
        write(channel, shared.retainedDuplicate());
      } else {
        var unused = channel.close();
      }
    }
    shared.release();
  }

  private static void write(Channel channel, ByteBuf bytes) {
    var unused = channel.writeAndFlush(new DefaultHttpContent(bytes));
  }

  private static byte[] comment(String text) {
    return (": " + text + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] event(String name, long height, byte[] json) {
    byte[] head =
        ("event: " + name + "\nid: " + height + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
    byte[] event = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, event, 0, head.length);
    System.arraycopy(json, 0, event, head.length, json.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }

  private static byte[] executedJson(ExecutedBlock executed) {
    return JsonText.object(
        json -> {
          json.writeNumberField("height", executed.height());
          json.writeStringField("block_hash", executed.checkpoint().block().hash().hex());
          json.writeNumberField("view", executed.block().commit().vote().view());
          json.writeStringField("receipts_root", executed.checkpoint().receiptsRoot().hex());
          json.writeStringField("state_root", executed.checkpoint().stateRoot().hex());
          json.writeArrayFieldStart("transactions");
          for (Receipt receipt : executed.receipts()) {
            json.writeString(receipt.transactionHash().hex());
          }
          json.writeEndArray();
          json.writeArrayFieldStart("outcomes");
          for (Receipt receipt : executed.receipts()) {
            json.writeString(TransactionRoutes.outcome(receipt));
          }
          json.writeEndArray();
        });
  }

  private static byte[] certifiedJson(CheckpointCertificate certificate) {
    return JsonText.object(
        json -> {
          json.writeNumberField("height", certificate.height());
          json.writeStringField("checkpoint_certificate", Hex.encode(certificate.encoded()));
        });
  }
}
