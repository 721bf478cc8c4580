package org.quorate.node.mutation;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.quorate.node.mutation.Verdict.Caught;
import org.quorate.node.mutation.Verdict.Survived;
import org.quorate.node.mutation.Verdict.Unfinished;

/** The {@link Suite} in other Java processes, with some classes put before the others. */
final class Trial {
  private static final String PREFIX = "caught ";

  private final Path folder;
  private final long seeds;
  private final int minutesMax;

  /**
   * @param folder for what the run leaves behind; is made
   */
  Trial(Path folder, long seeds, int minutesMax) {
    this.folder = folder;
    this.seeds = seeds;
    this.minutesMax = minutesMax;
  }

  /** Runs the suite on the code as it is. */
  Verdict asItIs(List<String> modules) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    return run(Project.classPath(), modules);
  }

  /** Runs the suite on a mutant. */
  Verdict of(Mutant mutant, List<String> modules) throws IOException, InterruptedException {
    Path classes = folder.resolve("classes");
    MutantCompiler.compile(mutant, classes);
    return run(classes + File.pathSeparator + Project.classPath(), modules);
  }

  /** The tests of each module, then the simulator, until one fails. */
  private Verdict run(String classPath, List<String> modules)
      throws IOException, InterruptedException {
    Verdict verdict = new Survived();
    for (int i = 0; i < modules.size() && verdict instanceof Survived; i++) {
      verdict = run(classPath, modules.get(i), "tests", modules.get(i));
    }
    return verdict instanceof Survived
        ? run(classPath, "node", "seeds", Long.toString(seeds))
        : verdict;
  }

  /** One process, in the folder of a module, where its tests look for its files. */
  private Verdict run(String classPath, String module, String what, String argument)
      throws IOException, InterruptedException {
    Path outcome = folder.resolve("outcome");
    Files.deleteIfExists(outcome);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"));
    command.add("-Dlogback.configurationFile=org/quorate/node/mutation/silent.xml");
    command.addAll(List.of("-cp", classPath, Suite.class.getName()));
    command.addAll(List.of(outcome.toString(), what, argument));
    Process process =
        new ProcessBuilder(command)
            .directory(Project.root().resolve(module).toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    if (!process.waitFor(minutesMax, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      return new Unfinished(what + " " + argument + " ran longer than " + minutesMax + " minutes");
    }
    if (!Files.exists(outcome)) {
      return new Unfinished("exit status " + process.exitValue() + ", see " + folder);
    }
    String text = Files.readString(outcome);
    return text.startsWith(PREFIX) ? new Caught(text.substring(PREFIX.length())) : new Survived();
  }
}
