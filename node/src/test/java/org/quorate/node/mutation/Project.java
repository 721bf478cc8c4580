package org.quorate.node.mutation;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the project's sources, classes and mutants are, when a test of the node runs. */
final class Project {
  private static final String MUTANTS = "node/src/test/resources/org/quorate/node/mutation";
  private static final String SUFFIX = ".mutant";

  private Project() {}

  /** The folder of the whole project. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("consensus/PROTOCOL.md"))) {
        return at;
      }
    }
    throw new AssertionError("not inside the project: " + here);
  }

  /** All mutants, in the order of their names. */
  static List<Mutant> mutants() {
    try (Stream<Path> files = Files.list(root().resolve(MUTANTS))) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .sorted()
          .map(file -> Mutant.parse(file.getFileName().toString().replace(SUFFIX, ""), text(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The source of the class that a mutant changes, as it is. */
  static String source(Mutant mutant) {
    return text(root().resolve(mutant.file()));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where Maven has put the compiled tests of a module. */
  static Path testClasses(String module) {
    return root().resolve(module).resolve("target/test-classes");
  }

  /** The class path of the node's tests, and the tests of the modules below it. */
  static String classPath() {
    String own =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Stream.of(own, testClasses("consensus").toString(), testClasses("ledger").toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
