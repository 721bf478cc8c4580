package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.KeyFile;
import org.quorate.genesis.NodeFile;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ReplicaId;

final class NetworkCommandTest {
  @TempDir private Path temporary;

  @Test
  void createMakesKeysThatStandInTheGenesisFileAndFoldersThatFitTogether() throws Exception {
    Path dir = temporary.resolve("net");
    Run run =
        Run.quorate(
            "network",
            "create",
            dir,
            "--validators",
            7,
            "--clients",
            "alice,carol",
            "--base-port",
            20_000,
            "--param",
            "view_timeout_millis=500",
            "--state",
            "shared/motto=hello");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("quorate network up " + dir);

    GenesisDocument genesis = GenesisDocument.read(dir.resolve("genesis.json"));
    ChainSpec chain = genesis.chain();
    assertThat(run.out()).contains(chain.chainHash().hex());
    assertThat(chain.validators().n()).isEqualTo(7);
    assertThat(chain.parameters().viewTimeoutMillis()).isEqualTo(500);
    assertThat(chain.appState().get(ByteString.utf8("shared/motto")))
        .isEqualTo(ByteString.utf8("hello"));
    for (ReplicaId replica : chain.validators().replicas()) {
      NodeFile node = NodeFile.read(dir.resolve("node" + replica.index() + "/node.json"));
      assertThat(KeyFile.read(node.keyFile()).publicKey())
          .isEqualTo(chain.validators().validator(replica).publicKey());
      assertThat(node.genesis()).hasSameBinaryContentAs(dir.resolve("genesis.json"));
      assertThat(node.peerListen()).isEqualTo(genesis.peerAddress(replica));
      assertThat(node.apiListen()).isEqualTo(genesis.apiAddress(replica));
      assertThat(node.metricsListen().port()).isEqualTo(20_201 + replica.index());
    }
    List<Client> clients = chain.clients().clients();
    assertThat(clients).extracting(Client::name).containsExactly("alice", "carol");
    assertThat(KeyFile.read(dir.resolve("clients/carol.pem")).publicKey())
        .isEqualTo(clients.get(1).publicKey());
    assertThat(clients.get(1).mayWrite(ByteString.utf8("carol/x"))).isTrue();
    assertThat(clients.get(1).mayWrite(ByteString.utf8("shared/x"))).isTrue();
    assertThat(clients.get(1).mayWrite(ByteString.utf8("alice/x"))).isFalse();
  }

  @Test
  void aNetworkCanBeMovedBecauseItsNodeFilesHaveRelativePaths() throws Exception {
    Path dir = temporary.resolve("net");
    Run.quorate("network", "create", dir);
    Path moved = Files.move(dir, temporary.resolve("moved"));
    NodeFile node = NodeFile.read(moved.resolve("node3/node.json"));
    assertThat(node.keyFile()).exists();
    assertThat(node.genesis()).exists();
  }

  @Test
  void createGivesProgramsJson() throws Exception {
    Path dir = temporary.resolve("net");
    JsonNode json =
        new JsonMapper().readTree(Run.quorate("network", "create", dir, "--format", "json").out());
    assertThat(json.get("chain_hash").asText())
        .isEqualTo(Run.quorate("genesis", "hash", dir.resolve("genesis.json")).out().strip());
    assertThat(json.get("clients")).hasSize(2);
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAsItIs() throws Exception {
    Files.writeString(temporary.resolve("mine"), "mine");
    Run run = Run.quorate("network", "create", temporary);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains(temporary + " is not empty");
    assertThat(temporary).isDirectoryNotContaining(path -> !path.endsWith("mine"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--validators 0",
        "--validators 100",
        "--clients alice,alice",
        "--clients ../alice",
        "--base-port 65500",
        "--chain-id a/b",
        "--param no_such_param=1",
        "--param window_blocks=1",
        "--param window_blocks=x",
        "--state =value",
      })
  void aPlanThatCannotBeIsAUsageErrorAndWritesNothing(String options) {
    Path dir = temporary.resolve("net");
    Run run = Run.quorate((Object[]) ("network create " + dir + " " + options).split(" "));
    assertThat(run.status()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).isNotBlank().doesNotContain("internal error");
    assertThat(dir).doesNotExist();
  }

  @Test
  void upWithoutANetworkSaysHowToMakeOne() {
    Run run = Run.quorate("network", "up", temporary);
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("quorate network create " + temporary);
  }

  @Test
  void upRefusesAHeapThatIsNone() {
    Run run = Run.quorate("network", "up", temporary, "--heap", "lots");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("512m");
  }
}
