package org.quorate.node.peer;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs something on the event loop after a while; a failure of it is told, not swallowed. */
final class Later {
  private static final Logger log = LoggerFactory.getLogger(Later.class);

  private Later() {}

  static Future<?> run(EventLoop loop, int millis, Runnable task) {
    return loop.schedule(task, millis, TimeUnit.MILLISECONDS)
        .addListener(
            done -> {
              if (!done.isSuccess() && !done.isCancelled()) {
                log.error("a timed task of the links failed", done.cause());
              }
            });
  }
}
