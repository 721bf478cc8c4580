package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.network.FreePorts;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.cli.network.RunOptions;
import org.quorate.cli.network.RunningNetwork;
import org.quorate.ledger.chain.ChainParameters;

/** A light client of real node processes, the primary of which dies. */
@Timeout(300)
final class LightEndToEndTest {
  private static final int NODES = 4;
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private NetworkFolder made;

  private Run quorate(Object... words) {
    Run run = Run.quorate(words);
    assertThat(run.status()).as(run.err()).isZero();
    return run;
  }

  private String put(String value) throws Exception {
    Run run =
        quorate(
            "tx",
            "put",
            "alice/x",
            value,
            "--network",
            made.path(),
            "--client",
            "alice",
            "--format",
            "json");
    return JSON.readTree(run.out()).get("hash").textValue();
  }

  private JsonNode sync(Object... options) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("light", "sync", "--genesis", made.path().resolve("genesis.json")));
    words.addAll(List.of("--dir", folder.resolve("light"), "--format", "json"));
    words.addAll(List.of(options));
    return JSON.readTree(quorate(words.toArray()).out());
  }

  @Test
  void headersProofsAndStateAreCheckedAlsoWhenThePrimaryIsDead() throws Exception {
    made =
        NetworkFolder.create(
            folder.resolve("network"),
            new NetworkPlan(
                "light",
                NODES,
                List.of("alice"),
                FreePorts.base(NODES),
                ChainParameters.DEFAULTS,
                new TreeMap<>()));
    RunOptions options = new RunOptions("256m", List.of(), RunOptions.DEFAULTS.readyTimeout());
    try (RunningNetwork network = RunningNetwork.start(made.path(), options)) {
      put("one");
      String second = put("two");
      JsonNode first = sync();
      assertThat(first.get("height").longValue()).isGreaterThanOrEqualTo(2);
      assertThat(first.get("agreeing")).hasSize(NODES);

      network.kill(0);
      put("three");
      Run state = quorate("light", "state", "alice/x", "--dir", folder.resolve("light"));
      assertThat(state.out()).contains("\"alice/x\" = \"three\"");
      JsonNode later = sync();
      assertThat(later.get("height").longValue()).isGreaterThan(first.get("height").longValue());
      assertThat(later.get("dropped")).hasSize(1);

      Path proof = folder.resolve("proof.json");
      quorate("proof", "get", second, "-o", proof, "--network", made.path());
      assertThat(quorate("light", "verify", "--dir", folder.resolve("light"), proof).out())
          .contains("Its block is block");
    }
  }
}
