package org.quorate.node.api;

import org.quorate.node.NodeLimits;

/**
 * What clients may make an {@link HttpServer} hold and wait for; see {@link NodeLimits}, whose
 * values are the defaults.
 */
record HttpLimits(
    int bodyBytesMax,
    long bodiesBytesMax,
    long answersBytesMax,
    int connectionsMax,
    int idleMillisMax,
    int requestMillisMax,
    int writeMillisMax) {
  static final HttpLimits DEFAULTS =
      new HttpLimits(
          NodeLimits.HTTP_BODY_BYTES_MAX,
          NodeLimits.HTTP_BODIES_BYTES_MAX,
          NodeLimits.HTTP_ANSWERS_BYTES_MAX,
          NodeLimits.HTTP_CONNECTIONS_MAX,
          NodeLimits.HTTP_IDLE_MILLIS_MAX,
          NodeLimits.HTTP_REQUEST_MILLIS_MAX,
          NodeLimits.HTTP_WRITE_MILLIS_MAX);
}
