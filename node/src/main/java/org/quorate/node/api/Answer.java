package org.quorate.node.api;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.function.Consumer;

/** What a request is answered with. */
sealed interface Answer {
  String JSON = "application/json";

  int status();

  /** A body whose length is known. */
  record Whole(int status, String mediaType, Body body, Map<String, String> headers)
      implements Answer {}

  /**
   * A body that goes on for as long as both sides like.
   *
   * @param opened is given the channel when the head was written; it writes HttpContent there
   */
  record Stream(String mediaType, Consumer<Channel> opened) implements Answer {
    @Override
    public int status() {
      return 200;
    }
  }

  /** A JSON object of these fields. */
  static Answer json(int status, JsonText.Writer fields) {
    return new Whole(status, JSON, new Body(JsonText.object(fields)), Map.of());
  }
}
