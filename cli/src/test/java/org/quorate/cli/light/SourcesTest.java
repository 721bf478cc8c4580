package org.quorate.cli.light;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quorate.cli.client.NodeClient;
import org.quorate.cli.client.NodeEndpoint;
import org.quorate.cli.client.StubChain;
import org.quorate.ledger.chain.ChainSpec;

/** Who is asked next. */
final class SourcesTest {
  private final ChainSpec chain = new StubChain(1, List.of()).spec();
  private final List<String> warnings = new ArrayList<>();
  private final Sources sources =
      new Sources(
          chain,
          Stream.of("http://a", "http://b", "http://c")
              .map(NodeEndpoint::parse)
              .map(node -> new NodeClient(NodeClient.newHttpClient(), node))
              .toList(),
          new HeaderCheck(chain),
          warnings::add);

  private String next() {
    return sources.next().map(source -> source.node().name()).orElse("nobody");
  }

  private Source source(int place) {
    return sources.live().get(place);
  }

  @Test
  void nodesTakeTurns() {
    assertThat(List.of(next(), next(), next(), next()))
        .containsExactly("http://a", "http://b", "http://c", "http://a");
  }

  @Test
  void aDroppedNodeHasNoTurnAndIsNamed() {
    sources.drop(source(1), "lies");
    assertThat(List.of(next(), next(), next())).containsExactly("http://a", "http://c", "http://a");
    assertThat(warnings).containsExactly("http://b is not asked any more: it lies");
    assertThat(sources.dropped())
        .singleElement()
        .satisfies(
            dropped -> {
              assertThat(dropped.node().name()).isEqualTo("http://b");
              assertThat(dropped.reached()).isTrue();
            });
  }

  @Test
  void aSlowNodeHasItsTurnWhenTheOthersHaveNoMore() {
    source(0).took(Source.SLOW);
    assertThat(next()).isEqualTo("http://a");
    source(0).took(Source.SLOW.plusMillis(1));
    assertThat(List.of(next(), next(), next())).containsExactly("http://b", "http://c", "http://b");
    source(1).finish(5);
    source(2).finish(5);
    assertThat(List.of(next(), next())).containsExactly("http://a", "http://a");
    source(0).finish(5);
    assertThat(next()).isEqualTo("nobody");
    sources.resume();
    assertThat(next()).isNotEqualTo("nobody");
  }
}
