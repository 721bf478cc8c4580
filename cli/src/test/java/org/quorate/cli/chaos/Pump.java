package org.quorate.cli.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a proxied connection: one thread reads and stamps, another waits until a chunk
 * is due and writes it. Chunks never overtake each other. What waits is bounded, so a slow link
 * pushes back on its sender as TCP does.
 */
final class Pump {
  private static final int CHUNK_BYTES_MAX = 4 << 10;
  private static final int CHUNKS_MAX = 512;

  private static final class Chunk {
    private final byte[] bytes;
    private final long dueNanos;

    Chunk(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
  private final Link link;
  private final Random random;

  Pump(Link link, Random random) {
    this.link = link;
    this.random = random;
  }

  /** Reads until the stream ends, however it does; the end is a chunk without bytes. */
  void read(Socket from) throws InterruptedException {
    long dueNanos = System.nanoTime();
    byte[] buffer = new byte[CHUNK_BYTES_MAX];
    try {
      InputStream in = from.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        dueNanos = Math.max(dueNanos, System.nanoTime() + delayNanos(link.weather()));
        chunks.put(new Chunk(Arrays.copyOf(buffer, count), dueNanos));
      }
    } catch (IOException e) {
      dueNanos = Math.max(dueNanos, System.nanoTime()); // a reset ends the stream as well
    }
    chunks.put(new Chunk(new byte[0], dueNanos));
  }

  private long delayNanos(LinkWeather weather) {
    int jitterMillis = weather.jitterMillis() == 0 ? 0 : random.nextInt(weather.jitterMillis());
    return TimeUnit.MILLISECONDS.toNanos(weather.delayMillis() + jitterMillis);
  }

  /** Writes until the end has arrived. */
  void write(Socket to) throws IOException, InterruptedException {
    OutputStream out = to.getOutputStream();
    for (Chunk chunk = chunks.take(); chunk.bytes.length > 0; chunk = chunks.take()) {
      TimeUnit.NANOSECONDS.sleep(chunk.dueNanos - System.nanoTime());
      LinkWeather weather = link.awaitPassable();
      if (weather.chunksPerFlip() > 0) {
        boolean flips = random.nextInt(weather.chunksPerFlip()) == 0;
        if (flips) {
          chunk.bytes[random.nextInt(chunk.bytes.length)] ^= 1;
        }
        link.garbles(weather.chunksPerFlip(), flips);
      }
      link.passed(chunk.bytes.length); // before anybody can have read them
      out.write(chunk.bytes);
      if (weather.bytesPerSecondMax() > 0) {
        TimeUnit.MILLISECONDS.sleep(1_000L * chunk.bytes.length / weather.bytesPerSecondMax());
      }
    }
    link.awaitPassable(); // the end of a stream is lost in a black hole like everything else
  }
}
