package org.quorate.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NonceFile;
import org.quorate.cli.client.StubChain;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.ledger.membership.Client;

@Timeout(60)
final class LoadRunTest {
  private static final int OUTSTANDING = 20;

  @TempDir Path folder;

  private final StubChain chain = new StubChain(1, List.of("alice", "bob"));
  private final HttpClient http = NodeClient.newHttpClient();
  private final List<StubNode> nodes = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(StubNode::close);
  }

  private LoadRun run(Manner... manners) throws Exception {
    nodes.addAll(StubNode.network(chain, chain, manners));
    List<LoadClient> clients = new ArrayList<>();
    for (Client member : chain.spec().clients().clients()) {
      clients.add(
          new LoadClient(
              chain.spec(),
              member,
              StubChain.clientKey(member.name()),
              NonceFile.beside(folder.resolve(member.name() + ".pem")),
              0));
    }
    return new LoadRun(
        2,
        nodes.stream().map(StubNode::endpoint).toList(),
        clients,
        OUTSTANDING,
        http,
        progress::add);
  }

  @Test
  void countsWhatTwoNodesReportAlikeAlsoWhereOneLiesAndOneIsDead() throws Exception {
    LoadRun run = run(Manner.LYING, Manner.HONEST, Manner.HONEST, Manner.HONEST);
    nodes.get(3).close();
    run.signAhead(50);

    Optional<BenchResult> result = run.run(Duration.ofMillis(200), Duration.ofMillis(800));

    assertThat(result)
        .hasValueSatisfying(
            measured -> {
              assertThat(measured.executed()).isGreaterThan(100);
              assertThat(measured.failed()).isZero();
              assertThat(measured.signedLate()).isPositive();
              assertThat(measured.p50Millis()).isPositive();
              assertThat(measured.p99Millis()).isBetween(measured.p50Millis(), 1_000.0);
              assertThat(measured.transactionsPerSecond())
                  .isBetween(measured.executed() / 2.0, measured.executed() / 0.8);
            });
    assertThat(nodes.get(1).transactionBytes()).containsExactly(LoadClient.TRANSACTION_BYTES);
  }

  @Test
  void countsNothingThatOneNodeAloneReports() throws Exception {
    LoadRun run = run(Manner.LYING, Manner.HONEST);

    Optional<BenchResult> result = run.run(Duration.ZERO, Duration.ofMillis(500));

    assertThat(result).hasValueSatisfying(measured -> assertThat(measured.executed()).isZero());
  }

  @Test
  void whatTwoNodesRefuseHasFailed() throws Exception {
    LoadRun run = run(Manner.REFUSING, Manner.REFUSING, Manner.CENSORING, Manner.CENSORING);

    Optional<BenchResult> result = run.run(Duration.ZERO, Duration.ofMillis(500));

    assertThat(result)
        .hasValueSatisfying(
            measured -> assertThat(measured.failed()).isGreaterThanOrEqualTo(2 * OUTSTANDING));
    assertThat(progress).anyMatch(line -> line.startsWith("the first refusal"));
  }

  @Test
  void withoutEventStreamsThereIsNothingToMeasure() throws Exception {
    LoadRun run = run(Manner.HONEST, Manner.HONEST);
    nodes.forEach(StubNode::close);

    assertThat(run.run(Duration.ZERO, Duration.ofSeconds(5))).isEmpty();
  }
}
