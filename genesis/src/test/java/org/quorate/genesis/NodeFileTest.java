package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NodeFileTest {
  private static final String TEXT =
      """
      {
        "genesis": "genesis.json",
        "key_file": "keys/validator.pem",
        "data_dir": "/var/lib/quorate",
        "peer_listen": "0.0.0.0:9101",
        "api_listen": "[::]:9201",
        "metrics_listen": "127.0.0.1:0"
      }
      """;

  @TempDir private Path folder;

  @Test
  void pathsAreResolvedAgainstTheFilesFolder() throws Exception {
    Path file = Files.writeString(folder.resolve("node.json"), TEXT);
    assertThat(NodeFile.read(file))
        .isEqualTo(
            new NodeFile(
                folder.resolve("genesis.json"),
                folder.resolve("keys/validator.pem"),
                Path.of("/var/lib/quorate"),
                new HostPort("0.0.0.0", 9101),
                new HostPort("::", 9201),
                new HostPort("127.0.0.1", 0)));
  }

  @Test
  void whatIsWrittenIsRelativeWhereItCanBeAndReadBack() throws Exception {
    Path file = Files.writeString(folder.resolve("node.json"), TEXT);
    Path copy = folder.resolve("copy.json");
    NodeFile.read(file).write(copy);
    assertThat(copy).hasContent(TEXT);
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> NodeFile.read(file).write(copy));
  }

  @Test
  void peersMayBeReachedElsewhereThanTheGenesisFileSays() throws Exception {
    NodeFile plain = NodeFile.read(Files.writeString(folder.resolve("node.json"), TEXT));
    SortedMap<String, HostPort> addresses =
        new TreeMap<>(Map.of("b", new HostPort("::1", 7), "a", new HostPort("tunnel.example", 9)));
    Path copy = folder.resolve("copy.json");
    plain.withPeerAddresses(addresses).write(copy);
    assertThat(copy).content().contains("\"peer_addresses\": {\n    \"a\": \"tunnel.example:9\",");
    assertThat(NodeFile.read(copy).peerAddresses()).isEqualTo(addresses);
    assertThat(plain.peerAddresses()).isEmpty();
  }

  @Test
  void whatIsKeptIsTheOperatorsToSay() throws Exception {
    String text =
        TEXT.replace(
            "127.0.0.1:0\"",
            "127.0.0.1:0\",\n  \"state_memory_mb\": 1024,\n  \"snapshot_interval_blocks\": 100,\n"
                + "  \"snapshots_kept\": 3,\n  \"blocks_kept\": 5000,\n  \"scrub_mb_per_second\": 0,\n  \"repair_ledger\": false");
    NodeFile file = NodeFile.read(Files.writeString(folder.resolve("node.json"), text));
    assertThat(file.storage()).isEqualTo(new StorageOptions(1024, 100, 3, 5000, 0, false));
    Path copy = folder.resolve("copy.json");
    file.withPeerAddresses(new TreeMap<>()).write(copy);
    assertThat(copy).hasContent(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '~',
      value = {
        "\"genesis\": \"genesis.json\", ~  ~ genesis: missing",
        "\"genesis.json\" ~ \"\" ~ genesis: empty; name a file or folder",
        "\"genesis.json\" ~ \"a\\u0000b\" ~ genesis: no path",
        "\"data_dir\" ~ \"data\" ~ data: unknown field; the fields here are genesis, key_file",
        "0.0.0.0:9101 ~ 9101 ~ peer_listen: an address is host:port",
        "\"data_dir\" ~ \"peer_addresses\": [], \"data_dir\" ~ peer_addresses: an object { … }, not a"
            + " list",
        "\"data_dir\" ~ \"peer_addresses\": {\"a\": \"b\"}, \"data_dir\" ~ peer_addresses[\"a\"]: an"
            + " address is host:port",
        "\"data_dir\" ~ \"peer_addresses\": {\"a\": \"b:0\"}, \"data_dir\" ~ peer_addresses[\"a\"]: needs"
            + " a port from 1",
        "\"data_dir\" ~ \"state_memory_mb\": 15, \"data_dir\" ~ state_memory_mb: from 16 to",
        "\"data_dir\" ~ \"state_memory_mb\": \"16\", \"data_dir\" ~ state_memory_mb: ",
        "\"data_dir\" ~ \"snapshots_kept\": 0, \"data_dir\" ~ snapshots_kept: from 1 to 100",
        "\"data_dir\" ~ \"snapshot_interval_blocks\": -1, \"data_dir\" ~ snapshot_interval_blocks:"
            + " from 0 to",
        "\"data_dir\" ~ \"scrub_mb_per_second\": -1, \"data_dir\" ~ scrub_mb_per_second: from 0 to",
        "\"data_dir\" ~ \"repair_ledger\": \"no\", \"data_dir\" ~ repair_ledger: true or false",
        "\"data_dir\" ~ \"blocks_kept\": 999, \"data_dir\" ~ blocks_kept: 0 for all, or 1000",
        "\"data_dir\" ~ \"blocks_kept\": 1000, \"snapshot_interval_blocks\": 0, \"data_dir\" ~"
            + " blocks_kept: blocks are dropped only below a snapshot",
        "[::]:9201 ~ :::9201 ~ api_listen: square brackets stand around an IPv6 address",
      })
  void aSpoiltFileNamesItselfAndTheField(String target, String replacement, String complaint)
      throws Exception {
    String spoilt = TEXT.replace(target, replacement == null ? "" : replacement);
    assertThat(spoilt).isNotEqualTo(TEXT);
    Path file = Files.writeString(folder.resolve("node.json"), spoilt);
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> NodeFile.read(file))
        .withMessageContaining(file + ": ")
        .withMessageContaining(complaint);
  }
}
