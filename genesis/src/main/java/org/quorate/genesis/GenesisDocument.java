package org.quorate.genesis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ReplicaId;

/**
 * The genesis file: what all members agreed on, and where to find each other. The addresses are no
 * part of the agreement: the {@linkplain ChainSpec#chainHash() chain hash} does not cover them, so
 * that a validator may move without a new chain.
 *
 * <p>The file is JSON in UTF-8, at most 64 MiB; {@code genesis.schema.json} beside this module's
 * README describes it. It is read strictly: a field that is unknown, missing or there twice is
 * refused.
 *
 * @param chain what the chain hash covers
 * @param peerAddresses where each validator listens for the others, by replica
 * @param apiAddresses where each validator serves clients, by replica
 */
public record GenesisDocument(
    ChainSpec chain, List<HostPort> peerAddresses, List<HostPort> apiAddresses) {

  /**
   * @throws IllegalArgumentException if the lists do not have an address for each validator, or a
   *     key, value or prefix is not UTF-8, which the file could not hold
   */
  public GenesisDocument {
    peerAddresses = List.copyOf(peerAddresses);
    apiAddresses = List.copyOf(apiAddresses);
    int n = chain.validators().n();
    if (peerAddresses.size() != n || apiAddresses.size() != n) {
      throw new IllegalArgumentException(
          n + " validators have " + n + " peer addresses and " + n + " API addresses");
    }
    for (Map.Entry<ByteString, ByteString> entry : chain.appState().entrySet()) {
      text(entry.getKey());
      text(entry.getValue());
    }
    for (Client client : chain.clients().clients()) {
      client.writePrefixes().forEach(GenesisDocument::text);
    }
  }

  /**
   * Reads and checks a genesis file.
   *
   * @throws GenesisException if it cannot be read or is not valid; names file and field
   */
  public static GenesisDocument read(Path file) throws GenesisException {
    byte[] bytes = JsonObject.readFile(file);
    try {
      return parse(bytes);
    } catch (GenesisException e) {
      throw new GenesisException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses and checks the bytes of a genesis file.
   *
   * @throws GenesisException if they are not valid; names the field
   */
  public static GenesisDocument parse(byte[] utf8) throws GenesisException {
    return GenesisReader.parse(utf8);
  }

  /** Where {@code replica} listens for its peers. */
  public HostPort peerAddress(ReplicaId replica) {
    return peerAddresses.get(replica.index());
  }

  /** Where {@code replica} serves clients. */
  public HostPort apiAddress(ReplicaId replica) {
    return apiAddresses.get(replica.index());
  }

  /** The file's content, which {@link #parse} reads back to the same chain and addresses. */
  public byte[] toJson() {
    return GenesisWriter.toJson(this);
  }

  /**
   * Writes a new file; one that is there is never overwritten.
   *
   * @throws IOException if it exists or cannot be written
   */
  public void write(Path file) throws IOException {
    Files.write(file, toJson(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  static String text(ByteString bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.bytes())).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a genesis file holds UTF-8 only, not " + bytes, e);
    }
  }
}
