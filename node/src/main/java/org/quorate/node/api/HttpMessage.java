package org.quorate.node.api;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * A request as it came, complete.
 *
 * @param uri the request target, as it came
 */
record HttpMessage(String method, String uri, HttpHeaders headers, boolean keepAlive, Body body) {}
