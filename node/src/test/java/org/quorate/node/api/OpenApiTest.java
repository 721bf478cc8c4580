package org.quorate.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.quorate.monitoring.NodeMetrics;

final class OpenApiTest {
  /** A path, or a method below it, by the indentation of the file's own style. */
  private static final Pattern LINE = Pattern.compile("^ {2}(/\\S*):$|^ {4}(get|post):$");

  @Test
  void theDescriptionAndTheRouterHaveTheSameOperations() throws IOException {
    TreeSet<String> described = new TreeSet<>();
    String path = "";
    for (String line : Files.readAllLines(Path.of("openapi.yaml"))) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches() && matcher.group(1) != null) {
        path = matcher.group(1);
      } else if (matcher.matches()) {
        described.add(matcher.group(2).toUpperCase(java.util.Locale.ROOT) + " " + path);
      }
    }
    TreeSet<String> served = new TreeSet<>();
    try (TestNode node = new TestNode();
        HttpApi api = new HttpApi(node, node.feed, new NodeMetrics())) {
      api.routes().forEach(route -> served.add(route.method() + " " + route.template()));
    }
    assertThat(served).hasSizeGreaterThan(10);
    assertThat(described).isEqualTo(served);
  }

  @Test
  void theReadmeHasEveryProblem() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (ProblemType type : ProblemType.values()) {
      assertThat(readme).contains("| `" + type.slug() + "` | " + type.status() + " |");
    }
  }
}
