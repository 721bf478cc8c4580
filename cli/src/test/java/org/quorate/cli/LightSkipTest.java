package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quorate.cli.LightStage.contents;
import static org.quorate.cli.LightStage.grow;
import static org.quorate.cli.LightStage.growApart;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.StubNode.Manner;

/** A light client that jumps, and fills in later what it skipped. */
@Timeout(120)
final class LightSkipTest {
  private final LightStage light;

  LightSkipTest(@TempDir Path folder) throws Exception {
    light = new LightStage(folder);
  }

  @AfterEach
  void closeNodes() {
    light.close();
  }

  @Test
  void whatWasSkippedIsFilledInLaterAndIsTheSameThen() throws Exception {
    light.honestNodes(2);
    grow(light.chain, 5);
    light.synced();
    grow(light.chain, 600);
    JsonNode first = light.synced("--skip");
    assertThat(first.get("height").longValue()).isEqualTo(600);
    assertThat(first.at("/skipped/0/first").longValue()).isEqualTo(6);
    assertThat(first.at("/skipped/0/last").longValue()).isEqualTo(599);
    grow(light.chain, 602);
    assertThat(light.synced("--skip").get("headers").longValue()).isEqualTo(2);
    grow(light.chain, 1_200);
    assertThat(light.synced("--skip").get("skipped")).hasSize(2);
    assertThat(light.status().out())
        .contains("hashes    10,", "skipped   heights 6 to 599;", "skipped   heights 603 to 1199;");

    grow(light.chain, 1_201);
    JsonNode filled = light.synced();
    assertThat(filled.get("skipped")).isEmpty();
    assertThat(filled.get("headers").longValue()).isEqualTo(594 + 597 + 1);
    light.hasHashesUpTo(1_201);
    Path straight = light.folder.resolve("straight");
    assertThat(light.syncTo(straight).status()).isZero();
    assertThat(contents(light.dir)).isEqualTo(contents(straight));
  }

  /** Two files become one: the process dies before the head says so, or right after. */
  @Test
  void aGapThatWasBeingFilledWhenAProcessDiedIsFilled() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 5);
    light.synced();
    grow(light.chain, 600);
    light.synced("--skip");
    byte[] headBefore = Files.readAllBytes(light.dir.resolve("head"));
    byte[] above = Files.readAllBytes(light.dir.resolve("hashes-600"));
    light.synced();
    Map<String, String> whole = contents(light.dir);

    Files.write(light.dir.resolve("hashes-600"), above);
    assertThat(light.synced().get("headers").longValue()).isZero();
    assertThat(contents(light.dir)).isEqualTo(whole);

    Files.write(light.dir.resolve("hashes-600"), above);
    Files.write(light.dir.resolve("head"), headBefore);
    assertThat(light.status().out()).contains("skipped   heights 6 to 599;");
    assertThat(light.synced().get("headers").longValue()).isEqualTo(594);
    assertThat(contents(light.dir)).isEqualTo(whole);
  }

  @Test
  void aJumpThatIsNotProvenIsNotMade() throws Exception {
    light.node(light.chain, Manner.FORGING);
    light.node(light.chain, Manner.FOREIGN);
    light.honestNodes(1);
    grow(light.chain, 600);
    growApart(light.other, 900);
    JsonNode json = light.synced("--skip");
    assertThat(json.get("height").longValue()).isEqualTo(600);
    assertThat(json.get("dropped")).hasSize(2);
  }

  /** The chain that was jumped to turns out not to stand on what was followed before. */
  @Test
  void aForkIsFoundWhenAGapIsFilled() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 5);
    light.synced();
    growApart(light.fork, 600);
    light.nodes.clear();
    light.node(light.fork, Manner.HONEST);
    assertThat(light.synced("--skip").get("height").longValue()).isEqualTo(600);
    light.nodes.clear();
    light.honestNodes(1);
    grow(light.chain, 600);
    Run run = light.sync();
    assertThat(run.status()).isEqualTo(3);
    assertThat(light.verifyEvidence(light.dir.resolve("evidence/fork-height-600.json")).status())
        .isZero();
  }

  @Test
  void aGapThatNoNodeFillsStays() throws Exception {
    light.honestNodes(1);
    grow(light.chain, 600);
    light.synced("--skip");
    light.nodes.get(0).manner(Manner.CENSORING);
    Run run = light.sync();
    assertThat(run.err()).contains("No node hands over the headers from height 2 on");
    light.nodes.get(0).manner(Manner.HONEST);
    assertThat(light.synced().get("skipped")).isEmpty();
  }
}
