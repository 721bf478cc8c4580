package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.StubChain;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.genesis.KeyFile;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Hex;

/** The commands against real HTTP servers, one of which lies, one of which is dead. */
@Timeout(120)
final class ClientCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private final StubChain chain = new StubChain(1, List.of("alice", "bob"));
  private final StubChain other = new StubChain(2, List.of("alice", "bob"));
  private final List<StubNode> nodes = new ArrayList<>();

  @BeforeEach
  void makeNetworkFolder() throws Exception {
    nodes.addAll(
        StubNode.network(
            chain, other, Manner.FORGING, Manner.HONEST, Manner.HONEST, Manner.HONEST));
    nodes.get(3).close();
    writeGenesis(folder.resolve("genesis.json"), chain);
    Files.createDirectory(folder.resolve("clients"));
    for (String name : List.of("alice", "bob", "mallory")) {
      KeyFile.write(folder.resolve("clients").resolve(name + ".pem"), StubChain.clientKey(name));
    }
  }

  private void writeGenesis(Path file, StubChain of) throws Exception {
    List<HostPort> addresses =
        nodes.stream().map(node -> new HostPort("127.0.0.1", node.port())).toList();
    List<HostPort> peers =
        nodes.stream().map(node -> new HostPort("127.0.0.2", node.port())).toList();
    new GenesisDocument(of.spec(), peers, addresses).write(file);
  }

  @AfterEach
  void closeNodes() {
    nodes.subList(0, 3).forEach(StubNode::close);
  }

  /** A command with the options that all of them need. */
  private Run quorate(String command, String subcommand, Object... arguments) {
    List<Object> words = new ArrayList<>(List.of(command, subcommand, "--network", folder));
    words.addAll(List.of(arguments));
    return Run.quorate(words.toArray());
  }

  private static JsonNode json(Run run) throws Exception {
    return JSON.readTree(run.out());
  }

  private String put(String key, String value) throws Exception {
    Run run = quorate("tx", "put", "--client", "alice", "--format", "json", key, value);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return json(run).get("hash").textValue();
  }

  @Test
  void aPutIsProvenAndItsValueRead() throws Exception {
    Run put = quorate("tx", "put", "--client", "alice", "alice/x", "one");
    Run get = quorate("state", "get", "alice/x");

    assertThat(put.status()).isZero();
    assertThat(put.out())
        .contains("executed: all its operations took effect")
        .contains("by node0, node1, node2 in view 0");
    assertThat(get).isEqualTo(new Run(0, "one" + System.lineSeparator(), ""));
  }

  @Test
  void everyCommandOfAClientTakesANonceOfItsOwn() throws Exception {
    put("alice/x", "1");
    put("alice/x", "1");
    put("alice/x", "1");

    assertThat(chain.ledger().checkpoint().height()).isEqualTo(3);
    assertThat(folder.resolve("clients/alice.pem.nonce")).hasContent("0000000000000000003\n");
  }

  @Test
  void anAddThatWouldGoBelowZeroIsInTheChainButFails() throws Exception {
    Run up = quorate("tx", "add", "--client", "alice", "alice/n", "5");
    Run down = quorate("tx", "add", "--client", "alice", "--", "alice/n", "-6");

    assertThat(up.status()).isZero();
    assertThat(down.status()).isEqualTo(1);
    assertThat(down.out()).contains("below_zero");
    assertThat(down.err()).contains("would have gone below zero");
    assertThat(quorate("state", "get", "alice/n").out()).isEqualToIgnoringNewLines("5");
  }

  @Test
  void aDeletedKeyIsAbsent() throws Exception {
    put("alice/x", "1");

    assertThat(quorate("tx", "delete", "--client", "alice", "alice/x").status()).isZero();

    Run get = quorate("state", "get", "alice/x");
    assertThat(get.status()).isEqualTo(1);
    assertThat(get.out()).isEmpty();
    assertThat(get.err()).contains("absent");
    Run asJson = quorate("state", "get", "--format", "json", "alice/x");
    assertThat(json(asJson).get("value_hex").isNull()).isTrue();
  }

  @Test
  void severalOperationsFromAFileTakeEffectTogether() throws Exception {
    Path file = folder.resolve("operations.json");
    Files.writeString(
        file,
        """
        [{"op": "require", "key": "alice/x", "absent": true},
         {"op": "put", "key": "alice/x", "value_hex": "00ff"}]
        """);

    Run first = quorate("tx", "submit", "--client", "alice", file);
    Run second = quorate("tx", "submit", "--client", "alice", file);

    assertThat(first.status()).isZero();
    assertThat(second.status()).isEqualTo(1);
    assertThat(second.out()).contains("requirement_failed").contains("operation 0");
    assertThat(
            quorate("state", "get", "--hex", Hex.encode(ByteString.utf8("alice/x").bytes())).out())
        .isEqualToIgnoringNewLines("00ff");
    assertThat(quorate("state", "get", "alice/x").status()).isEqualTo(1);
  }

  @Test
  void aTransactionSignedElsewhereIsSubmittedAsItIs() throws Exception {
    Transaction transaction =
        Transaction.sign(
            StubChain.clientKey("bob"),
            chain.spec().chainHash(),
            7,
            List.of(new Operation.Put(ByteString.utf8("bob/x"), ByteString.EMPTY)));
    Path file = folder.resolve("signed.hex");
    Files.writeString(file, Hex.encode(transaction.encoded()) + "\n");

    Run run = quorate("tx", "submit", "--hex", file, "--format", "json");

    assertThat(run.status()).isZero();
    assertThat(json(run).get("hash").textValue()).isEqualTo(transaction.hash().hex());
  }

  @Test
  void aTransactionOfAnotherChainIsRefusedBeforeItIsSent() throws Exception {
    Transaction transaction =
        Transaction.sign(
            StubChain.clientKey("bob"),
            other.spec().chainHash(),
            7,
            List.of(new Operation.Data(ByteString.EMPTY)));
    Path file = folder.resolve("signed.hex");
    Files.writeString(file, Hex.encode(transaction.encoded()));

    Run run = quorate("tx", "submit", "--hex", file);

    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains(other.spec().chainHash().hex());
  }

  @Test
  void withoutWaitingOnlyTheHashIsPrinted() {
    Run run = quorate("tx", "put", "--no-wait", "--client", "alice", "alice/x", "1");

    assertThat(run.status()).isZero();
    assertThat(run.out().strip()).matches("[0-9a-f]{64}");
  }

  @Test
  void aKeyThatTheClientMayNotWriteIsNamedWithThoseItMay() {
    Run run = quorate("tx", "put", "--client", "alice", "bob/x", "1");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("\"bob/x\"").contains("\"alice/\"");
    assertThat(nodes.get(1).submissions()).isZero();
  }

  @Test
  void aKeyOfNoClientIsAMismatch() {
    Run run = quorate("tx", "put", "--client", "mallory", "alice/x", "1");

    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("none of the genesis file's clients");
  }

  @Test
  void aTransactionIsFoundByItsHash() throws Exception {
    String hash = put("alice/x", "1");

    Run known = quorate("tx", "get", hash, "--format", "json");
    Run unknown = quorate("tx", "get", "00".repeat(32));
    Run nonsense = quorate("tx", "get", "beef");

    assertThat(known.status()).isZero();
    assertThat(json(known).get("outcome").textValue()).isEqualTo("executed");
    assertThat(json(known).get("from").textValue()).isEqualTo("node1");
    assertThat(unknown.status()).isEqualTo(1);
    assertThat(unknown.err()).contains("no transaction");
    assertThat(nonsense.status()).isEqualTo(2);
  }

  @Test
  void aProofIsSavedOnceAndVerifiedWithoutANetwork() throws Exception {
    String hash = put("alice/x", "1");
    Path file = folder.resolve("proof.json");

    Run saved = quorate("proof", "get", hash, "-o", file);
    byte[] content = Files.readAllBytes(file);
    Run again = quorate("proof", "get", hash, "-o", file);
    Run forced = quorate("proof", "get", hash, "-o", file, "--force");
    closeNodes();
    Run verified =
        Run.quorate("proof", "verify", "--genesis", folder.resolve("genesis.json"), file);

    assertThat(saved.status()).isZero();
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("--force");
    assertThat(forced.status()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(verified.status()).isZero();
    assertThat(verified.out())
        .contains("was signed by the client alice (nonce 1)")
        .contains("node0, node1, node2 signed COMMIT")
        .contains("all its operations took effect");
  }

  @Test
  void aProofOfTheStateIsSavedAndVerifiedWithoutANetwork() throws Exception {
    put("alice/x", "1");
    Path file = folder.resolve("state.json");

    Run saved = quorate("proof", "state", "alice/x", "alice/absent", "-o", file);
    Run again = quorate("proof", "state", "alice/x", "-o", file);
    Run tooLong = quorate("proof", "state", "k".repeat(257), "-o", folder.resolve("other.json"));
    closeNodes();
    Path genesis = folder.resolve("genesis.json");
    Run verified = Run.quorate("proof", "verify", "--genesis", genesis, file);
    Run forPrograms =
        Run.quorate("proof", "verify", "--genesis", genesis, file, "--format", "json");
    Files.writeString(file, Files.readString(file).replace("\"010000000131\"", "\"010000000132\""));
    Run forged = Run.quorate("proof", "verify", "--genesis", genesis, file);

    assertThat(saved.status()).isZero();
    assertThat(saved.out()).contains("\"alice/x\" = \"1\"").contains("\"alice/absent\" is absent");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("--force");
    assertThat(tooLong.status()).isEqualTo(2);
    assertThat(verified.status()).isZero();
    assertThat(verified.out())
        .contains("After block 1 of the chain")
        .contains("\"alice/x\" = \"1\"")
        .contains("node0, node1, node2 signed COMMIT");
    assertThat(json(forPrograms).get("valid").booleanValue()).isTrue();
    assertThat(json(forPrograms).at("/values/0/value").isNull()).isTrue();
    assertThat(json(forPrograms).at("/values/1/value").textValue()).isEqualTo("1");
    assertThat(forged.status()).isEqualTo(3);
    assertThat(forged.err()).contains("does not lead to the state root");
  }

  @Test
  void aProofThatDoesNotHoldEndsWithThreeAndTheReason() throws Exception {
    String hash = put("alice/x", "1");
    Path file = folder.resolve("proof.json");
    assertThat(quorate("proof", "get", hash, "-o", file).status()).isZero();
    Path foreign = folder.resolve("other-genesis.json");
    writeGenesis(foreign, other);
    Path torn = folder.resolve("torn.json");
    Files.writeString(torn, Files.readString(file).substring(0, 200));

    Run otherChain = Run.quorate("proof", "verify", "--genesis", foreign, file);
    Run tornFile =
        Run.quorate("proof", "verify", "--genesis", folder.resolve("genesis.json"), torn);

    assertThat(otherChain.status()).isEqualTo(3);
    assertThat(otherChain.err()).contains("does not hold: the chain is");
    assertThat(otherChain.out()).isEmpty();
    assertThat(tornFile.status()).isEqualTo(3);
  }

  @Test
  void aBlockIsShownWithWhoCommittedIt() throws Exception {
    String hash = put("alice/x", "1");

    Run shown = quorate("block", "show", "1");
    Run latest = quorate("block", "show", "latest", "--format", "json");
    Run genesis = quorate("block", "show", "0");
    Run missing = quorate("block", "show", "99");

    assertThat(shown.out()).contains("committed     by node0, node1, node2").contains(hash);
    assertThat(json(latest).get("transactions").get(0).textValue()).isEqualTo(hash);
    assertThat(genesis.out()).contains("genesis block");
    assertThat(missing.status()).isEqualTo(1);
  }

  @Test
  void statusHasALineForEachNodeAlsoForADeadOne() throws Exception {
    Run run = Run.quorate("status", "--network", folder);
    Run asJson = Run.quorate("status", "--network", folder, "--format", "json");

    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("node0").contains("node3      silent: no connection");
    assertThat(json(asJson).get("nodes")).hasSize(4);
  }

  @Test
  void aNetworkThatIsDownIsUnreachable() throws Exception {
    closeNodes();

    for (Run run :
        List.of(
            quorate("tx", "put", "--client", "alice", "alice/x", "1"),
            quorate("state", "get", "alice/x"),
            quorate("block", "show", "latest"),
            Run.quorate("status", "--network", folder))) {
      assertThat(run.status()).isEqualTo(5);
      assertThat(run.err()).contains("Is the network up?");
    }
  }

  @Test
  void aNamedNodeIsAskedInPlaceOfThoseOfTheGenesis() throws Exception {
    Run lying =
        quorate(
            "tx",
            "put",
            "--client",
            "alice",
            "--node",
            nodes.get(0).endpoint().uri(),
            "--timeout",
            "1",
            "alice/x",
            "1");
    Run tooFew = quorate("state", "get", "--node", nodes.get(1).endpoint().uri(), "alice/x");
    Run nonsense = quorate("state", "get", "--node", "node1", "alice/x");

    assertThat(lying.status()).isEqualTo(1);
    assertThat(lying.err()).contains("forged proof");
    assertThat(tooFew.status()).isEqualTo(2);
    assertThat(nonsense.status()).isEqualTo(2);
  }

  @Test
  void aNetworkOfAnotherChainIsAMismatch() throws Exception {
    nodes.subList(0, 3).forEach(node -> node.manner(Manner.FOREIGN));

    Run value = quorate("state", "get", "alice/x");
    Run status = Run.quorate("status", "--network", folder);

    assertThat(value.status()).isEqualTo(4);
    assertThat(value.err()).contains("node1").contains(other.spec().chainHash().hex());
    assertThat(status.status()).isEqualTo(4);
  }

  @Test
  void benchMeasuresARunningNetwork() throws Exception {
    Run run =
        Run.quorate(
            "bench",
            folder,
            "--clients",
            2,
            "--outstanding",
            5,
            "--seconds",
            1,
            "--warmup",
            0,
            "--format",
            "json");

    assertThat(run.status()).isZero();
    assertThat(json(run).get("executed").longValue()).isPositive();
    assertThat(json(run).get("failed").longValue()).isZero();
    assertThat(json(run).get("latency_millis").get("p99").doubleValue()).isPositive();
  }

  @Test
  void benchTellsWhatItLacks() {
    Run tooFewClients = Run.quorate("bench", folder, "--clients", 3, "--seconds", 1);
    closeNodes();
    Run down = Run.quorate("bench", folder, "--clients", 2, "--seconds", 1);
    Run nowhere = Run.quorate("bench", folder.resolve("nowhere"));

    assertThat(tooFewClients.status()).isEqualTo(1);
    assertThat(tooFewClients.err()).contains("keys of 2 clients").contains("--clients 2");
    assertThat(down.status()).isEqualTo(5);
    assertThat(down.err()).contains("quorate network up " + folder);
    assertThat(nowhere.status()).isEqualTo(4);
    assertThat(Run.quorate("bench", folder, "--clients", 0).status()).isEqualTo(2);
  }

  @Test
  void whoSignsMustBeSaid() {
    assertThat(quorate("tx", "put", "alice/x", "1").status()).isEqualTo(2);
    assertThat(
            Run.quorate(
                    "tx",
                    "put",
                    "--genesis",
                    folder.resolve("genesis.json"),
                    "--client",
                    "alice",
                    "alice/x",
                    "1")
                .err())
        .contains("--key FILE");
    assertThat(Run.quorate("tx", "put", "alice/x", "1").status()).isEqualTo(2);
  }
}
