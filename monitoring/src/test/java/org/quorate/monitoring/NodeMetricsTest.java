package org.quorate.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeMetricsTest {
  private final NodeMetrics metrics = new NodeMetrics().withProcess();

  private List<String> lines() {
    return metrics.scrape().lines().toList();
  }

  @Test
  void anExecutedBlockIsCountedWithItsTransactions() {
    metrics.recovered(40, 38);
    metrics.blockCommitted(0.004);
    metrics.blockExecuted(41, 7, 2, 0.03);
    metrics.checkpointStable(41);
    assertThat(lines())
        .contains(
            "quorate_height 41.0",
            "quorate_stable_height 41.0",
            "quorate_blocks_total 1.0",
            "quorate_transactions_total{outcome=\"executed\",} 7.0",
            "quorate_transactions_total{outcome=\"failed\",} 2.0",
            "quorate_block_transactions_sum 9.0",
            "quorate_commit_latency_seconds_bucket{le=\"0.0025\",} 0.0",
            "quorate_commit_latency_seconds_bucket{le=\"0.005\",} 1.0",
            "quorate_apply_seconds_bucket{le=\"0.025\",} 0.0",
            "quorate_apply_seconds_bucket{le=\"0.05\",} 1.0");
  }

  @Test
  void theReplicasPlaceIsTold() {
    metrics.identity("1.0", "local", "ab12", "node0");
    metrics.membership(4, 3);
    metrics.view(5, true, true);
    metrics.viewWanted(6);
    metrics.viewChangeStarted();
    metrics.ready(true);
    metrics.forgot(true);
    metrics.blocksFetched(12);
    metrics.catchUpAnswerBad("silent");
    metrics.evidenceFound("prepare");
    assertThat(lines())
        .contains(
            "quorate_node_info{version=\"1.0\",chain_id=\"local\",chain_hash=\"ab12\",name=\"node0\",} 1.0",
            "quorate_validators 4.0",
            "quorate_quorum 3.0",
            "quorate_view 5.0",
            "quorate_view_active 1.0",
            "quorate_primary 1.0",
            "quorate_view_wanted 6.0",
            "quorate_view_changes_total 1.0",
            "quorate_ready 1.0",
            "quorate_forgot 1.0",
            "quorate_fetched_blocks_total 12.0",
            "quorate_catchup_bad_answers_total{reason=\"silent\",} 1.0",
            "quorate_evidence_total{kind=\"prepare\",} 1.0");
    metrics.view(6, false, false);
    metrics.ready(false);
    metrics.forgot(false);
    assertThat(lines())
        .contains(
            "quorate_view_active 0.0",
            "quorate_primary 0.0",
            "quorate_ready 0.0",
            "quorate_forgot 0.0");
  }

  @Test
  void linksDiskAndRequestsAreCounted() {
    metrics.mempool(10, 2_000);
    metrics.transactionRejected("bad-signature");
    metrics.peersConnected(3);
    metrics.frameSent(100);
    metrics.frameReceived(50);
    metrics.messageDropped();
    metrics.connectionRefused("stranger");
    metrics.messageRejected("bad-signature");
    metrics.journalSynced(0.000_2);
    metrics.journalSize(4_096);
    metrics.httpAnswered("/api/v1/blocks/{height}", 404, 0.01);
    assertThat(lines())
        .contains(
            "quorate_mempool_transactions 10.0",
            "quorate_mempool_bytes 2000.0",
            "quorate_rejected_transactions_total{reason=\"bad-signature\",} 1.0",
            "quorate_peers_connected 3.0",
            "quorate_peer_sent_bytes_total 100.0",
            "quorate_peer_received_bytes_total 50.0",
            "quorate_peer_dropped_messages_total 1.0",
            "quorate_refused_connections_total{reason=\"stranger\",} 1.0",
            "quorate_rejected_messages_total{reason=\"bad-signature\",} 1.0",
            "quorate_fsync_seconds_bucket{le=\"2.5E-4\",} 1.0",
            "quorate_journal_bytes 4096.0",
            "quorate_http_requests_total{route=\"/api/v1/blocks/{height}\",status=\"404\",} 1.0",
            "quorate_http_request_seconds_count{route=\"/api/v1/blocks/{height}\",} 1.0");
  }

  @Test
  void twoNodesInOneProcessCountApart() {
    NodeMetrics other = new NodeMetrics();
    other.blockExecuted(1, 1, 0, 0.001);
    assertThat(lines()).contains("quorate_blocks_total 0.0");
    assertThat(other.scrape()).contains("quorate_blocks_total 1.0");
  }

  @Test
  void theJavaProcessIsMeasuredToo() {
    assertThat(metrics.scrape())
        .contains("jvm_memory_bytes_used{area=\"heap\",}", "process_cpu_seconds_total");
    assertThat(NodeMetrics.contentType()).startsWith("text/plain; version=0.0.4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\nb", "a\"b", "ключ"})
  void aLabelTakesNoTextFromOutside(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> metrics.transactionRejected(text));
    assertThatIllegalArgumentException().isThrownBy(() -> metrics.connectionRefused(text));
    assertThatIllegalArgumentException().isThrownBy(() -> metrics.messageRejected(text));
    assertThatIllegalArgumentException().isThrownBy(() -> metrics.evidenceFound(text));
    assertThatIllegalArgumentException().isThrownBy(() -> metrics.httpAnswered(text, 200, 0.1));
  }

  @Test
  void everyNameHasThePrefixAHelpTextAndTheUnitOfItsKind() {
    for (MetricFamilySamples family : Collections.list(metrics.registry().metricFamilySamples())) {
      if (family.name.startsWith("jvm") || family.name.startsWith("process_")) {
        continue;
      }
      assertThat(family.name).matches("quorate(_[a-z]+)+");
      assertThat(family.help).as(family.name).endsWith(".");
      assertThat(family.name).doesNotContainPattern("_(millis|ms|kb|mb|count)$");
      if (family.type == Collector.Type.COUNTER) {
        assertThat(family.getNames()).as(family.name).contains(family.name + "_total");
      }
    }
  }
}
