package org.quorate.node.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.file.WholeFile;

/**
 * Whose a data folder is: five lines of text.
 *
 * <pre>
 * quorate-data 2
 * chain_id NAME
 * chain_hash 64 hex digits
 * validator 64 hex digits
 * memory whole|lost
 * </pre>
 *
 * Version 1 had four lines, and was made when a validator was new.
 *
 * @param validator the public key whose votes the folder's journal holds
 * @param whole whether it holds all of them from the first on; if not, it was made anew for a
 *     validator that may have voted before
 */
record ChainFile(String chainId, Digest chainHash, PublicKey validator, boolean whole) {
  private static final String OWNER =
      "chain_id ([^\n]+)\nchain_hash ([0-9a-f]{64})\nvalidator ([0-9a-f]{64})\n";
  private static final Pattern FORMAT =
      Pattern.compile("quorate-data 2\n" + OWNER + "memory (whole|lost)\n");
  private static final Pattern FORMAT_1 = Pattern.compile("quorate-data 1\n" + OWNER + "()");
  private static final int BYTES_MAX = 1_024;

  static ChainFile of(ChainSpec chain, PublicKey validator, boolean whole) {
    return new ChainFile(chain.chainId(), chain.chainHash(), validator, whole);
  }

  /** What the file says; empty if it is not such a file. */
  static Optional<ChainFile> read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Pattern format = text.startsWith("quorate-data 1\n") ? FORMAT_1 : FORMAT;
    Matcher matcher = format.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ChainFile(
                matcher.group(1),
                Digest.fromHex(matcher.group(2)),
                PublicKey.fromHex(matcher.group(3)),
                !"lost".equals(matcher.group(4))))
        : Optional.empty();
  }

  /** Writes the file so that after a crash it is there whole or not at all. */
  void write(Path file) throws IOException {
    String text =
        "quorate-data 2\nchain_id "
            + chainId
            + "\nchain_hash "
            + chainHash.hex()
            + "\nvalidator "
            + validator.hex()
            + "\nmemory "
            + (whole ? "whole" : "lost")
            + "\n";
    WholeFile.replace(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
