package org.quorate.node.mutation;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles the one class that a mutant changes, against all others as they are. */
final class MutantCompiler {
  private MutantCompiler() {}

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("string:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /**
   * Puts the classes into {@code folder}, which is made.
   *
   * @throws IllegalArgumentException if the mutant is no Java
   */
  static void compile(Mutant mutant, Path folder) throws IOException {
    Files.createDirectories(folder);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    JavaFileObject source = new Source(mutant.file(), mutant.applyTo(Project.source(mutant)));
    List<String> options =
        List.of(
            "-d",
            folder.toString(),
            "-cp",
            Project.classPath(),
            "-proc:none",
            "-nowarn",
            "-parameters");
    if (!compiler.getTask(complaints, null, null, options, null, List.of(source)).call()) {
      throw new IllegalArgumentException(mutant.name() + " does not compile:\n" + complaints);
    }
  }
}
