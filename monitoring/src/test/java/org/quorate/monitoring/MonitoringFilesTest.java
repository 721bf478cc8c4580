package org.quorate.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules, dashboard and README speak of the metrics that there are. */
final class MonitoringFilesTest {
  private static final Path RULES = Path.of("prometheus", "quorate.rules.yml");
  private static final Path RULES_TEST = Path.of("prometheus", "quorate.rules.test.yml");
  private static final Path DASHBOARD = Path.of("grafana", "dashboards", "quorate.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:quorate|jvm|process)_[a-z_]+\\b");

  /** Every name that a sample of a node may have, with its suffix. */
  private static Set<String> sampleNames() {
    return Collections.list(new NodeMetrics().withProcess().registry().metricFamilySamples())
        .stream()
        .flatMap(family -> Arrays.stream(family.getNames()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prometheus/quorate.rules.yml",
        "prometheus/quorate.rules.test.yml",
        "grafana/dashboards/quorate.json",
      })
  void everyMetricThatAFileNamesExists(String file) throws Exception {
    Set<String> named = found(METRIC, Files.readString(Path.of(file)));
    assertThat(named).hasSizeGreaterThan(10).isSubsetOf(sampleNames());
  }

  @Test
  void theDashboardShowsEveryMetricOfOurs() throws Exception {
    String dashboard = Files.readString(DASHBOARD);
    for (MetricFamilySamples family :
        Collections.list(new NodeMetrics().registry().metricFamilySamples())) {
      if (family.name.startsWith("quorate_")
          && !Set.of("quorate_node_info", "quorate_quorum", "quorate_blocks")
              .contains(family.name)) {
        assertThat(dashboard).contains(family.name);
      }
    }
  }

  @Test
  void theReadmeListsEveryMetricOfOursWithItsHelpText() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    for (MetricFamilySamples family :
        Collections.list(new NodeMetrics().registry().metricFamilySamples())) {
      if (family.name.startsWith("quorate_")) {
        String name =
            Arrays.asList(family.getNames()).contains(family.name + "_total")
                ? family.name + "_total"
                : family.name;
        assertThat(readme)
            .containsPattern("(?m)^\\| `" + name + "`.*\\| " + Pattern.quote(family.help));
      }
    }
  }

  @Test
  void everyAlertSaysWhatToDoAndIsTestedToFireAndToBeSilent() throws Exception {
    String rules = Files.readString(RULES);
    List<String> alerts =
        Pattern.compile("- alert: (\\w+)").matcher(rules).results().map(m -> m.group(1)).toList();
    assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    for (String word : List.of("expr: ", "severity: ", "summary: ", "action: ")) {
      assertThat(rules.split(Pattern.quote(word), -1)).as(word).hasSize(alerts.size() + 1);
    }
    String tests = Files.readString(RULES_TEST);
    for (String alert : alerts) {
      assertThat(tests).as("silent").containsPattern("eval_time: \\w+, alertname: " + alert + " }");
      assertThat(tests).as("firing").containsPattern("alertname: " + alert + "\n +exp_alerts:");
    }
  }

  @Test
  void theDashboardsPanelsHaveIdsOfTheirOwnTitlesAndQueries() throws Exception {
    JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel : dashboard.get("panels")) {
      assertThat(ids.add(panel.get("id").asInt())).isTrue();
      assertThat(panel.get("title").asText()).isNotBlank();
      if (!panel.get("type").asText().equals("row")) {
        assertThat(panel.get("targets")).isNotEmpty();
        panel
            .get("targets")
            .forEach(t -> assertThat(t.get("expr").asText()).contains("$job", "$instance"));
      }
    }
    assertThat(ids).hasSizeGreaterThan(20);
  }

  @Test
  void theScrapeConfigurationFitsTheLocalNetwork() throws Exception {
    assertThat(Files.readString(Path.of("prometheus", "prometheus.yml")))
        .contains(
            "- quorate.rules.yml", "job_name: quorate", "- 127.0.0.1:9301", "- 127.0.0.1:9304");
  }
}
