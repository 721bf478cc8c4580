package org.quorate.node.peer;

import java.util.Arrays;
import java.util.Optional;

/** Why a connection is refused or closed. */
public enum Refusal {
  /** The certificate's key is that of no validator of the genesis. */
  STRANGER("stranger", 0),
  /** The one who answers, or calls, holds another validator's key than it should. */
  WRONG_VALIDATOR("wrong-validator", 0),
  /** The peer's genesis has another hash. */
  ANOTHER_GENESIS("another-genesis", 1),
  /** Another process is connected with the same key, or it is this node's own key. */
  KEY_USED_TWICE("key-used-twice", 2),
  /** The peer speaks another version of this protocol. */
  ANOTHER_VERSION("another-version", 3),
  /** Both dialed at once, and the other connection is kept; part of normal life. */
  SUPERSEDED("superseded", 4),
  /** A frame that is too long, of an unknown kind, or out of place. */
  BAD_FRAME("bad-frame", 5),
  /** The first bytes are not TLS. */
  NOT_TLS("not-tls", 0),
  /** TLS failed: an older version, no certificate, a certificate that cannot be read. */
  TLS_FAILED("tls-failed", 0),
  /** The connection was not ready in time, or a peer fell silent. */
  TIMEOUT("timeout", 0),
  /** Too many connections that have not shown who they are. */
  TOO_MANY_CONNECTIONS("too-many-connections", 0),
  /** The other end refused this node and said, or hinted, why. */
  REFUSED_BY_PEER("refused-by-peer", 0);

  private final String label;
  private final int code;

  Refusal(String label, int code) {
    this.label = label;
    this.code = code;
  }

  /** A fixed word for metrics. */
  public String label() {
    return label;
  }

  /** What stands in a REFUSAL frame; 0 if there is no such frame for it. */
  int code() {
    return code;
  }

  static Optional<Refusal> ofCode(int code) {
    return Arrays.stream(values()).filter(r -> r.code != 0 && r.code == code).findFirst();
  }
}
