package org.quorate.genesis;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.quorate.ledger.membership.ValidatorSet;

/**
 * A node's own settings, {@code node.json}: what one operator decides for one node. Paths in the
 * file are relative to the folder that holds it; here they are resolved against it.
 *
 * @param genesis the genesis file
 * @param keyFile the validator's private key
 * @param dataDir the folder of ledger and journal
 * @param peerListen where to listen for the other validators
 * @param apiListen where to serve clients
 * @param metricsListen where to serve {@code /metrics}
 * @param peerAddresses where this node reaches other validators, by name, if not at the addresses
 *     of the genesis file; cannot be changed
 * @param storage what it keeps
 */
public record NodeFile(
    Path genesis,
    Path keyFile,
    Path dataDir,
    HostPort peerListen,
    HostPort apiListen,
    HostPort metricsListen,
    SortedMap<String, HostPort> peerAddresses,
    StorageOptions storage) {

  private static final List<String> FIELDS =
      List.of("genesis", "key_file", "data_dir", "peer_listen", "api_listen", "metrics_listen");
  private static final String PEER_ADDRESSES = "peer_addresses";
  private static final List<String> MORE_FIELDS =
      Stream.concat(Stream.of(PEER_ADDRESSES), StorageOptions.FIELDS.stream()).toList();

  public NodeFile {
    peerAddresses = Collections.unmodifiableSortedMap(new TreeMap<>(peerAddresses));
  }

  /** The settings of a node that reaches its peers where the genesis file says. */
  public NodeFile(
      Path genesis,
      Path keyFile,
      Path dataDir,
      HostPort peerListen,
      HostPort apiListen,
      HostPort metricsListen) {
    this(
        genesis,
        keyFile,
        dataDir,
        peerListen,
        apiListen,
        metricsListen,
        new TreeMap<>(),
        StorageOptions.DEFAULTS);
  }

  /** The same settings with other addresses of peers. */
  public NodeFile withPeerAddresses(SortedMap<String, HostPort> addresses) {
    return new NodeFile(
        genesis, keyFile, dataDir, peerListen, apiListen, metricsListen, addresses, storage);
  }

  /**
   * Reads and checks a node file.
   *
   * @throws GenesisException if it cannot be read or is not valid; names file and field
   */
  public static NodeFile read(Path file) throws GenesisException {
    byte[] bytes = JsonObject.readFile(file);
    try {
      JsonObject json = JsonObject.parse(bytes, FIELDS, MORE_FIELDS);
      return new NodeFile(
          path(json, "genesis", file),
          path(json, "key_file", file),
          path(json, "data_dir", file),
          address(json, "peer_listen"),
          address(json, "api_listen"),
          address(json, "metrics_listen"),
          peerAddresses(json),
          StorageOptions.read(json));
    } catch (GenesisException e) {
      throw new GenesisException(file + ": " + e.getMessage(), e);
    }
  }

  private static Path path(JsonObject json, String field, Path file) throws GenesisException {
    String text = json.text(field);
    if (text.isEmpty()) {
      throw GenesisException.field(json.at(field), "empty; name a file or folder");
    }
    try {
      return file.resolveSibling(text);
    } catch (InvalidPathException e) {
      throw GenesisException.field(json.at(field), "no path: " + e.getReason());
    }
  }

  private static HostPort address(JsonObject json, String field) throws GenesisException {
    try {
      return HostPort.parse(json.text(field));
    } catch (IllegalArgumentException e) {
      throw GenesisException.field(json.at(field), String.valueOf(e.getMessage()));
    }
  }

  private static SortedMap<String, HostPort> peerAddresses(JsonObject json)
      throws GenesisException {
    SortedMap<String, HostPort> addresses = new TreeMap<>();
    if (!json.has(PEER_ADDRESSES)) {
      return addresses;
    }
    for (Map.Entry<String, String> entry :
        json.entries(PEER_ADDRESSES, ValidatorSet.VALIDATORS_MAX)) {
      String field = json.entry(PEER_ADDRESSES, entry.getKey());
      HostPort address;
      try {
        address = HostPort.parse(entry.getValue());
      } catch (IllegalArgumentException e) {
        throw GenesisException.field(field, String.valueOf(e.getMessage()));
      }
      if (address.port() == 0) {
        throw GenesisException.field(field, "needs a port from 1 to 65535");
      }
      addresses.put(entry.getKey(), address);
    }
    return addresses;
  }

  /**
   * Writes a new node file; one that is there is never overwritten. Paths below the file's folder
   * are written relative to it, so that the folder can be moved.
   *
   * @throws IOException if it exists or cannot be written
   */
  public void write(Path file) throws IOException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("genesis", relative(genesis, file));
    json.put("key_file", relative(keyFile, file));
    json.put("data_dir", relative(dataDir, file));
    json.put("peer_listen", peerListen.toString());
    json.put("api_listen", apiListen.toString());
    json.put("metrics_listen", metricsListen.toString());
    if (!peerAddresses.isEmpty()) {
      ObjectNode addresses = json.putObject(PEER_ADDRESSES);
      peerAddresses.forEach((name, address) -> addresses.put(name, address.toString()));
    }
    storage.write(json);
    Files.write(
        file, GenesisWriter.pretty(json), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static String relative(Path path, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    Path absolute = path.toAbsolutePath().normalize();
    return folder != null && absolute.startsWith(folder)
        ? folder.relativize(absolute).toString()
        : absolute.toString();
  }
}
