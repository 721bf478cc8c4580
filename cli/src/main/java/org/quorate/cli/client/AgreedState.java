package org.quorate.cli.client;

import java.util.List;
import java.util.Optional;
import org.quorate.ledger.codec.ByteString;

/**
 * What f+1 nodes told alike of a key, so that a correct one is among them.
 *
 * @param value empty where the key is absent
 */
public record AgreedState(Optional<ByteString> value, List<NodeEndpoint> by) {
  public AgreedState {
    by = List.copyOf(by);
  }
}
