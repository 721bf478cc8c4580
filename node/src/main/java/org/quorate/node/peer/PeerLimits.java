package org.quorate.node.peer;

/**
 * The bounds of the links of a node.
 *
 * @param queueBytesMax payload bytes that wait for one peer; what does not fit is dropped
 * @param queueMessagesMax payloads that wait for one peer
 * @param unauthenticatedMax connections that have not shown who they are
 * @param unauthenticatedPerAddressMax such connections from one address
 * @param readyMillis from the connection to the end of the Hello
 * @param pingMillis how often a live link is pinged
 * @param silenceMillis a live link over which nothing came for so long is closed
 * @param probeMillis a link whose peer seems to have come back must answer within so long
 * @param backoffMillis the first pause before dialing again
 * @param backoffMillisMax the longest
 * @param higherWaitsMillis how much later the end with the higher index dials, so that both seldom
 *     dial at once
 */
record PeerLimits(
    int queueBytesMax,
    int queueMessagesMax,
    int unauthenticatedMax,
    int unauthenticatedPerAddressMax,
    int readyMillis,
    int pingMillis,
    int silenceMillis,
    int probeMillis,
    int backoffMillis,
    int backoffMillisMax,
    int higherWaitsMillis) {
  /** The longest payload, in bytes: more than any message of the protocol. */
  static final int PAYLOAD_BYTES_MAX = 8 << 20;

  static final PeerLimits DEFAULTS =
      new PeerLimits(16 << 20, 16_384, 256, 64, 10_000, 5_000, 15_000, 2_000, 100, 5_000, 200);

  PeerLimits {
    if (queueBytesMax < PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException("a queue holds the longest payload at least");
    }
  }
}
