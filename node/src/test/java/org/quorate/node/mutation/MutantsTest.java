package org.quorate.node.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.quorate.node.mutation.Mutant.Kind;

/** The mutants are kept in step with the code; whether they are caught, MutationCheck says. */
final class MutantsTest {
  private final List<Mutant> mutants = Project.mutants();

  @Test
  void thereAreFortyMutantsEachWithAStoryOfItsOwn() {
    assertThat(mutants).hasSize(40);
    assertThat(new TreeSet<>(mutants.stream().map(Mutant::title).toList())).hasSize(40);
    for (int i = 0; i < mutants.size(); i++) {
      assertThat(mutants.get(i).name()).startsWith(String.format("%02d-", i + 1));
    }
  }

  @Test
  void mostOfThemEndangerSafety() {
    assertThat(mutants.stream().filter(mutant -> mutant.kind() == Kind.SAFETY)).hasSize(32);
  }

  @Test
  void eachMutantReplacesSomethingThatStandsOnceInTheCode() {
    for (Mutant mutant : mutants) {
      String source = Project.source(mutant);
      assertThat(mutant.applyTo(source)).as(mutant.name()).isNotEqualTo(source);
    }
  }

  private static final String TEXT =
      """
      title: a title
      from: a paper
      kind: safety
      rule: R1
      file: node/src/A.java
      --- before
      one();
      --- after

      """;

  @Test
  void codeThatHasMovedOnIsNamed() {
    Mutant mutant = Mutant.parse("00-a", TEXT);
    assertThat(mutant.applyTo("zero(); one(); two();")).isEqualTo("zero();  two();");
    assertThatThrownBy(() -> mutant.applyTo("two();")).hasMessageContaining("nowhere in node/src");
    assertThatThrownBy(() -> mutant.applyTo("one(); one();"))
        .hasMessageContaining("more than once in node/src/A.java");
  }

  @Test
  void mutantThatLacksSomethingIsRefused() {
    for (String line : List.of("title: a title\n", "rule: R1\n", "--- before\n", "--- after\n")) {
      assertThatThrownBy(() -> Mutant.parse("00-a", TEXT.replace(line, "")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("00-a");
    }
    assertThatThrownBy(() -> Mutant.parse("00-a", "more: of it\n" + TEXT))
        .hasMessageContaining("more=of it");
  }
}
