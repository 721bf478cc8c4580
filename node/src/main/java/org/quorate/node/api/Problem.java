package org.quorate.node.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/**
 * A problem document (RFC 9457): {@code {"type", "title", "status", "detail"}}.
 *
 * @param detail for people: what is wrong with this request, never anything of the node's inside
 */
record Problem(ProblemType type, String detail) {
  static final String MEDIA_TYPE = "application/problem+json";

  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type.urn());
    json.writeStringField("title", type.title());
    json.writeNumberField("status", type.status());
    json.writeStringField("detail", detail);
    json.writeEndObject();
  }

  Answer.Whole answer() {
    return new Answer.Whole(
        type.status(),
        MEDIA_TYPE,
        new Body(JsonText.of(this::writeTo)),
        type.isLoad() ? Map.of("Retry-After", "1") : Map.of());
  }
}
