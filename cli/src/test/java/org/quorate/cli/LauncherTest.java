package org.quorate.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/quorate} in a source tree of its own, whose path has a space in it, with a Maven and a
 * Java that are scripts: Maven makes the jar and counts its runs, Java prints its arguments.
 */
final class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "cat",
          "dirname",
          "readlink",
          "find",
          "head",
          "date",
          "mkdir",
          "cp",
          "mv",
          "ls",
          "sort",
          "tail",
          "rm",
          "flock",
          "sed",
          "sleep",
          "rmdir");

  @TempDir private Path temporary;
  private Path root;
  private Path launcher;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void plantTree() throws IOException {
    root = Files.createDirectory(temporary.resolve("a tree"));
    launcher = root.resolve("cli/bin/quorate");
    Files.createDirectories(launcher.getParent());
    Files.copy(
        Path.of("bin", "quorate"), launcher, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    source("pom.xml");
    source("ledger/src/main/java/A.java");
    source("ledger/src/main/java/B.java");

    tools = Files.createDirectory(temporary.resolve("tools"));
    for (String tool : TOOLS) {
      Path found =
          Stream.of("/bin", "/usr/bin")
              .map(folder -> Path.of(folder, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow(() -> new AssertionError("this machine has no " + tool));
      script(tools.resolve(tool), "exec " + found + " \"$@\"\n");
    }
    script(
        tools.resolve("mvn"),
        """
        echo "mvn $*" >> builds.txt
        sleep 1
        mkdir -p cli/target/lib
        echo jar > cli/target/quorate-cli.jar
        echo lib > cli/target/lib/ledger.jar
        echo "a line of Maven"
        """);
    jdk = jdk("17.0.1");
  }

  private Path jdk(String version) throws IOException {
    Path home = temporary.resolve("jdk " + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "exit 0\n");
    script(
        home.resolve("bin/java"),
        """
        for argument in "$@"; do
          case $argument in
            -XX:ArchiveClassesAtExit=*) echo classes > "${argument#*=}"; exit 0 ;;
          esac
        done
        printf '<%s>' "$@"
        exit 3
        """);
    return home;
  }

  private void source(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
    // Older than any build of this test, whatever the file system's clock resolves.
    FileTime before = FileTime.fromMillis(System.currentTimeMillis() - 60_000);
    for (Path path = file; !path.equals(temporary); path = path.getParent()) {
      Files.setLastModifiedTime(path, before);
    }
  }

  private static void script(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process begin(Path program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", jdk.toString());
    return builder.start();
  }

  private static Run end(Process process) throws Exception {
    assertThat(process.waitFor(60, SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private Run quorate(String... arguments) throws Exception {
    return end(begin(launcher, arguments));
  }

  private List<String> builds() throws IOException {
    Path log = root.resolve("builds.txt");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  void theFirstStartBuildsAndSaysSoOnStandardErrorOnly() throws Exception {
    Run run = quorate("status", "two words", "");
    assertThat(run.status()).as("the exit code is the program's").isEqualTo(3);
    assertThat(run.out())
        .contains("/cli/target/dist/", "<org.quorate.cli.QuorateCommand><status><two words><>")
        .doesNotContain("Maven");
    assertThat(run.err()).contains("building", "a line of Maven");
    assertThat(builds()).hasSize(1).first().asString().contains("-pl cli -am package");
  }

  @Test
  void aSecondStartGoesStraightToJavaWithTheArchiveOfClasses() throws Exception {
    quorate("status");
    Run run = quorate("status");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("<-XX:TieredStopAtLevel=1>", "<-XX:SharedArchiveFile=" + root);
    assertThat(builds()).hasSize(1);
  }

  @Test
  void whatIsLongAndBusyGetsTheWholeJit() throws Exception {
    assertThat(quorate("node", "start").out()).doesNotContain("TieredStopAtLevel");
    assertThat(quorate("bench").out()).doesNotContain("TieredStopAtLevel");
  }

  @Test
  void aChangedAndADeletedSourceAreSeen() throws Exception {
    quorate("status");
    Files.writeString(root.resolve("ledger/src/main/java/A.java"), "changed");
    quorate("status");
    assertThat(builds()).hasSize(2);
    Files.delete(root.resolve("ledger/src/main/java/B.java"));
    quorate("status");
    assertThat(builds()).hasSize(3);
    quorate("status");
    assertThat(builds()).hasSize(3);
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    Process one = begin(launcher, "status");
    Process two = begin(launcher, "status");
    assertThat(end(one).out()).contains("<status>");
    assertThat(end(two).out()).contains("<status>");
    assertThat(builds()).hasSize(1);
  }

  @Test
  void aLaterBuildLeavesTheJarsOfARunningProgramAlone() throws Exception {
    quorate("status");
    Path first = onlyDistribution();
    FileTime before = Files.getLastModifiedTime(first.resolve("quorate-cli.jar"));
    Files.writeString(root.resolve("ledger/src/main/java/A.java"), "changed");
    assertThat(quorate("status").out()).doesNotContain(first.toString());
    assertThat(Files.getLastModifiedTime(first.resolve("quorate-cli.jar"))).isEqualTo(before);
  }

  private Path onlyDistribution() throws IOException {
    try (Stream<Path> content = Files.list(root.resolve("cli/target/dist"))) {
      return content.filter(Files::isDirectory).toList().get(0);
    }
  }

  @Test
  void aLinkToTheLauncherFindsTheTree() throws Exception {
    Path links = Files.createDirectory(temporary.resolve("links"));
    Path link =
        Files.createSymbolicLink(links.resolve("q"), Path.of("..", "a tree/cli/bin/quorate"));
    assertThat(end(begin(link, "status")).out()).contains("<status>");
  }

  @Test
  void aFailedBuildIsAFailureAndStartsNothing() throws Exception {
    script(tools.resolve("mvn"), "echo 'cannot compile'; exit 1\n");
    Run run = quorate("status");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("cannot compile", "the build failed");
  }

  @Test
  void aMissingMavenIsNamed() throws Exception {
    Files.delete(tools.resolve("mvn"));
    Run run = quorate("status");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("no mvn on the PATH", "install Maven 3.8");
  }

  @Test
  void aJavaThatIsTooOldIsNamedWithItsVersion() throws Exception {
    jdk = jdk("11.0.20");
    Run run = quorate("status");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("Java 11.0.20", "needs JDK 17 or newer");
    assertThat(builds()).isEmpty();
  }

  @Test
  void aWrongJavaHomeIsNamed() throws Exception {
    jdk = temporary.resolve("nowhere");
    Run run = quorate("status");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("JAVA_HOME is " + jdk);
  }

  @Test
  void aJavaWithoutACompilerIsNamed() throws Exception {
    Files.delete(jdk.resolve("bin/javac"));
    Run run = quorate("status");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("a JRE is not enough");
  }
}
