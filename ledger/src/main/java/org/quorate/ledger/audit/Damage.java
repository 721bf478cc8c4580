package org.quorate.ledger.audit;

import java.util.Optional;

/**
 * The first thing in a store that is not as it must be.
 *
 * @param height of the block that it belongs to, if to one
 * @param key of the entry as {@code h000000000000002a}: the letter of its table and the rest in hex
 *     (FORMAT.md, section 10); none if it is no entry's alone, or the store itself cannot be read
 * @param detail for people: what is wrong with it
 */
public record Damage(Optional<Long> height, Optional<String> key, String detail) {
  static Damage of(byte[] key, String detail) {
    return new Damage(Optional.empty(), Optional.of(Entry.name(key)), detail);
  }

  static Damage of(long height, byte[] key, String detail) {
    return new Damage(Optional.of(height), Optional.of(Entry.name(key)), detail);
  }

  /** One sentence: where and what. */
  public String sentence() {
    return height.map(at -> "height " + at + ", ").orElse("")
        + key.map(name -> "key " + name + ": ").orElse("")
        + detail;
  }
}
