package org.quorate.cli.light;

import java.io.IOException;
import java.util.Locale;

/** What a light client's folder says of a block that is proven, and not another than its own. */
public enum Standing {
  /** It is the folder's block of that height. */
  SAME,
  /** Its height is above the folder's highest block. */
  ABOVE,
  /** Its height was skipped. */
  SKIPPED;

  /** How the block at {@code height} stands. */
  public static Standing of(LightFolder folder, long height) throws IOException {
    if (height > folder.height()) {
      return ABOVE;
    }
    return folder.hash(height).isPresent() ? SAME : SKIPPED;
  }

  /** The same in a sentence. */
  public String text(LightFolder folder, long height) {
    return switch (this) {
      case SAME -> "Its block is block %d of %s.".formatted(height, folder.path());
      case ABOVE ->
          "Its block %d is above block %d, the highest of %s: only the proof itself speaks for it until quorate light sync gets there."
              .formatted(height, folder.height(), folder.path());
      case SKIPPED ->
          "Its block %d is one that %s has skipped: only the proof itself speaks for it until quorate light sync, without --skip, fills the gap."
              .formatted(height, folder.path());
    };
  }

  /** The same in a word, for programs. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT);
  }
}
