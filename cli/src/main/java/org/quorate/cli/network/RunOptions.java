package org.quorate.cli.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the nodes of a network are run.
 *
 * @param heap the heap of each node, as {@code -Xmx} takes it
 * @param jvmOptions further options for each node's Java
 * @param readyTimeout how long the nodes may take until they are ready
 */
public record RunOptions(String heap, List<String> jvmOptions, Duration readyTimeout) {
  /** 512 MiB for each node and a minute to become ready. */
  public static final RunOptions DEFAULTS =
      new RunOptions("512m", List.of(), Duration.ofSeconds(60));

  /** The system property with which the launcher tells the archive of loaded classes, if any. */
  static final String ARCHIVE_PROPERTY = "quorate.archive";

  /**
   * All nodes share this machine's processors: the collector that needs the fewest, and no second
   * compilation of what is only lukewarm. Measured with {@code bench}, see node/README.md.
   */
  private static final List<String> SHARED_MACHINE =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:Tier4InvocationThreshold=20000",
          "-XX:Tier4MinInvocationThreshold=5000",
          "-XX:Tier4CompileThreshold=40000");

  public RunOptions {
    jvmOptions = List.copyOf(jvmOptions);
    if (!heap.matches("[1-9][0-9]{0,9}[kKmMgG]")) {
      throw new IllegalArgumentException("a heap is a size such as 512m, not '" + heap + "'");
    }
  }

  /** Everything between {@code java} and the main class. */
  List<String> javaOptions() {
    List<String> options = new ArrayList<>();
    options.add("-Xmx" + heap);
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.addAll(SHARED_MACHINE);
    options.add("-Dfile.encoding=UTF-8");
    options.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 23) {
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    String archive = System.getProperty(ARCHIVE_PROPERTY);
    if (archive != null) {
      options.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off,cds+dynamic=off"));
    }
    options.addAll(jvmOptions);
    options.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return options;
  }
}
