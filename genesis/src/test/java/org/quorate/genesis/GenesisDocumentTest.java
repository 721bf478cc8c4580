package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.ReplicaId;

final class GenesisDocumentTest {
  /** Of the example; it changes only with the chain format, and then every chain is another. */
  private static final String EXAMPLE_HASH =
      "8cf0bcd06b47b6c9a7996ba6443e668e08135e8bd67d1fb399fdf35770290ce7";

  private static final String KEY_0 =
      "7a63b9a2dcb3e2a6097090d8346e2b17cf53090965e0ab67e9151a5f6942ae84";

  @TempDir private Path folder;

  @Test
  void theExampleSaysWhatItsFileSays() throws Exception {
    GenesisDocument document = GenesisDocument.read(Example.FILE);
    ChainSpec chain = document.chain();
    assertThat(chain.chainId()).isEqualTo("local-4");
    assertThat(Instant.ofEpochMilli(chain.genesisTimeMillis())).isEqualTo("2026-01-31T12:00:00Z");
    assertThat(chain.validators().validator(new ReplicaId(0)).publicKey().hex()).isEqualTo(KEY_0);
    assertThat(chain.validators().validator(new ReplicaId(3)).name()).isEqualTo("node3");
    assertThat(document.peerAddress(new ReplicaId(1))).isEqualTo(new HostPort("127.0.0.1", 9102));
    assertThat(document.apiAddress(new ReplicaId(2))).isEqualTo(new HostPort("127.0.0.1", 9203));
    assertThat(chain.clients().clients().get(1).writePrefixes())
        .containsExactly(ByteString.utf8("bob/"), ByteString.utf8("shared/"));
    assertThat(chain.parameters()).isEqualTo(ChainParameters.DEFAULTS);
    assertThat(chain.appState())
        .containsEntry(ByteString.utf8("alice/balance"), ByteString.utf8("100"));
  }

  @Test
  void theChainHashOfTheExampleIsTheGoldenOne() throws Exception {
    assertThat(GenesisDocument.read(Example.FILE).chain().chainHash().hex())
        .isEqualTo(EXAMPLE_HASH);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '~',
      value = {
        "\"local-4\" ~ \"local-5\"",
        "2026-01-31T12:00:00Z ~ 2026-01-31T12:00:00.001Z",
        "\"node2\" ~ \"node-two\"",
        "\"bob\" ~ \"robert\"",
        "\"bob/\" ~ \"bob\"",
        "\"view_timeout_millis\": 2000 ~ \"view_timeout_millis\": 2001",
        "\"100\" ~ \"101\"",
        "\"alice/balance\" ~ \"alice/credit\"",
      })
  void everythingThatMembersAgreeOnChangesTheChainHash(String target, String replacement)
      throws Exception {
    assertThat(Example.with(target, replacement).chain().chainHash().hex())
        .isNotEqualTo(EXAMPLE_HASH);
  }

  @Test
  void theOrderOfValidatorsChangesTheChainHash() throws Exception {
    String other = "7444725ec9cc008f8a5dccb5f3ce3e5c78c4ef56989383a1eb5bfae80cbe0f00";
    String swapped =
        Example.text().replace(KEY_0, "first").replace(other, KEY_0).replace("first", other);
    assertThat(parse(swapped).chain().chainHash().hex()).isNotEqualTo(EXAMPLE_HASH);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '~',
      value = {
        "127.0.0.1:9101 ~ node0.example.org:26656",
        "127.0.0.1:9204 ~ [::1]:9204",
        "12:00:00Z ~ 12:00:00.000Z",
        "\"alice/balance\" ~ \"\\u0061lice/balance\"",
      })
  void addressesAndSpellingDoNotChangeTheChainHash(String target, String replacement)
      throws Exception {
    assertThat(Example.with(target, replacement).chain().chainHash().hex()).isEqualTo(EXAMPLE_HASH);
  }

  @Test
  void layoutAndTheOrderOfFieldsDoNotChangeTheChainHash() throws Exception {
    String text = Example.text().replaceAll("\\s*\n\\s*", "");
    String state = text.substring(text.indexOf(",\"app_state\""), text.length() - 1);
    String reordered = "{" + state.substring(1) + "," + text.replace(state, "").substring(1);
    assertThat(reordered).startsWith("{\"app_state\"").doesNotContain("\n");
    assertThat(parse(reordered).chain().chainHash().hex()).isEqualTo(EXAMPLE_HASH);
  }

  @Test
  void whatIsWrittenIsReadBackByteForByte() throws Exception {
    GenesisDocument document = GenesisDocument.read(Example.FILE);
    assertThat(new String(document.toJson(), StandardCharsets.UTF_8)).isEqualTo(Example.text());
    Path file = folder.resolve("genesis.json");
    document.write(file);
    GenesisDocument again = GenesisDocument.read(file);
    assertThat(again.chain().chainHash()).isEqualTo(document.chain().chainHash());
    assertThat(again.peerAddresses()).isEqualTo(document.peerAddresses());
  }

  @Test
  void textOutsideAsciiSurvives() throws Exception {
    GenesisDocument document = Example.with("Trust, but verify.", "Доверяй 🔎 \\\" \\n");
    assertThat(document.chain().appState().get(ByteString.utf8("shared/motto")))
        .isEqualTo(ByteString.utf8("Доверяй 🔎 \" \n"));
    assertThat(GenesisDocument.parse(document.toJson()).chain().chainHash())
        .isEqualTo(document.chain().chainHash());
  }

  @Test
  void aFileIsNeverOverwritten() throws Exception {
    Path file = Files.createFile(folder.resolve("genesis.json"));
    GenesisDocument document = GenesisDocument.read(Example.FILE);
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> document.write(file));
    assertThat(file).isEmptyFile();
  }

  @Test
  void aComplaintBeginsWithTheFileName() throws Exception {
    Path file = Files.writeString(folder.resolve("genesis.json"), "{}");
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.read(file))
        .withMessage(file + ": chain_id: missing");
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.read(folder.resolve("none.json")))
        .withMessageContaining("none.json: there is no such file");
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> GenesisDocument.read(folder))
        .withMessageContaining("cannot read " + folder);
  }

  @Test
  void aDocumentNeedsAnAddressForEachValidatorAndTextForItsState() throws Exception {
    ChainSpec chain = GenesisDocument.read(Example.FILE).chain();
    List<HostPort> one = List.of(new HostPort("a", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new GenesisDocument(chain, one, one));
    TreeMap<ByteString, ByteString> binary = new TreeMap<>();
    binary.put(ByteString.utf8("key"), ByteString.of(new byte[] {(byte) 0xff}));
    ChainSpec notText =
        new ChainSpec("c", 0, chain.validators(), chain.clients(), chain.parameters(), binary);
    List<HostPort> four = GenesisDocument.read(Example.FILE).peerAddresses();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GenesisDocument(notText, four, four))
        .withMessageContaining("UTF-8");
  }

  private static GenesisDocument parse(String json) throws GenesisException {
    return GenesisDocument.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
