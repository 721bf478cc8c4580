package org.quorate.ledger;

import java.util.Optional;
import org.quorate.ledger.codec.ByteString;

/**
 * A value of the world state.
 *
 * @param height the block after which it was read
 * @param value empty if the key is absent
 */
public record StateReading(long height, Optional<ByteString> value) {}
