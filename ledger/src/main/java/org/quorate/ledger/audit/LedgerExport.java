package org.quorate.ledger.audit;

import java.io.IOException;
import java.util.HexFormat;
import org.quorate.ledger.ChainStore;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.state.StateEntry;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.StoreReader;
import org.quorate.ledger.store.Table;

/**
 * Blocks or state of a ledger as lines of JSON (FORMAT.md, section 12). The lines are decided by
 * what the store holds. Believes the store: whoever reads the lines checks them.
 *
 * @param height of the last block
 */
public record LedgerExport(StoreReader store, Digest chainHash, long height) {
  private static final HexFormat HEX = HexFormat.of();

  /** Takes one line after the other, without line ends. */
  @FunctionalInterface
  public interface Lines {
    void line(String line) throws IOException;
  }

  /**
   * Blocks with what proves them: a line for the whole, and one for each.
   *
   * @param from the lowest of which transactions are kept, or more; {@code to} the tip at most
   * @throws StorageException if one of them is missing
   */
  public void blocks(long from, long to, Lines lines) throws IOException {
    ChainStore reads = new ChainStore(store, chainHash);
    lines.line(
        "{\"format\":\"quorate-blocks/1\",\"chain_hash\":\"%s\",\"from\":%d,\"to\":%d}"
            .formatted(chainHash.hex(), from, to));
    for (long at = from; at <= to; at++) {
      String certificate =
          reads
              .certificate(at)
              .map(found -> "\"" + HEX.formatHex(found.encoded()) + "\"")
              .orElse("null");
      lines.line(
          "{\"height\":%d,\"committed_block\":\"%s\",\"checkpoint_certificate\":%s}"
              .formatted(at, HEX.formatHex(block(reads, at)), certificate));
    }
  }

  private static byte[] block(ChainStore reads, long height) {
    return reads
        .encodedBlock(height)
        .orElseThrow(() -> new StorageException("the store has no block " + height));
  }

  /**
   * The state after the last block, in the order of its paths: a line for the whole, and one for
   * each entry.
   */
  public void state(Lines lines) throws IOException {
    Checkpoint checkpoint =
        new ChainStore(store, chainHash)
            .checkpoint(height)
            .orElseThrow(() -> new StorageException("the store has no checkpoint " + height));
    lines.line(
        ("{\"format\":\"quorate-state/1\",\"chain_hash\":\"%s\",\"height\":%d,"
                + "\"block_hash\":\"%s\",\"state_root\":\"%s\"}")
            .formatted(
                chainHash.hex(),
                height,
                checkpoint.block().hash().hex(),
                checkpoint.stateRoot().hex()));
    for (Entries entries = new Entries(store, Table.STATE.key()); entries.hasNext(); ) {
      StateEntry entry = decoded(entries.next());
      lines.line(
          "{\"namespaced_key\":\"%s\",\"value\":\"%s\"}"
              .formatted(entry.key().hex(), entry.value().hex()));
    }
  }

  private static StateEntry decoded(Entry entry) {
    try {
      return Decoder.decode(entry.value(), StateEntry::decode);
    } catch (MalformedException e) {
      throw new StorageException(
          "the store is damaged: the state at " + Entry.name(entry.key()) + " is malformed", e);
    }
  }
}
