package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class QuorateCommandTest {
  @Test
  void helpGoesToStandardOutputAndNamesTheExitCodes() {
    Run run = Run.quorate("--help");
    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("Usage: quorate", "keys", "genesis", "3   a proof or a ledger does not hold");
  }

  @Test
  void everyCommandHasHelpThatDescribesIt() {
    assertHelp(new CommandLine(new QuorateCommand()));
  }

  private static void assertHelp(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    assertThat(description).as(command.getCommandSpec().qualifiedName()).isNotEmpty();
    assertThat(command.getCommandSpec().findOption("--help"))
        .as(command.getCommandSpec().qualifiedName() + " --help")
        .isNotNull();
    command.getSubcommands().values().forEach(QuorateCommandTest::assertHelp);
  }

  @Test
  void versionNamesTheProgramAndItsJava() {
    Run run = Run.quorate("--version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("quorate ").contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''             | quorate: Missing required subcommand",
        "kyes           | quorate: Unmatched argument at index 0: 'kyes'",
        "keys           | quorate keys: Missing required subcommand",
        "keys new       | quorate keys new: Missing required parameter: 'FILE'",
        "keys show --format yaml x | quorate keys show: Invalid value for option '--format'",
        "genesis hash a b | quorate genesis hash: Unmatched argument at index 3: 'b'",
      })
  void aWrongCommandLineIsExitCodeTwoWithOneSentenceAndAHint(String line, String message) {
    Run run = line.isEmpty() ? Run.quorate() : Run.quorate((Object[]) line.split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(message).contains("--help' to see how it is used.");
  }

  @Test
  void aNearlyRightCommandIsGuessed() {
    assertThat(Run.quorate("genesys").err()).contains("genesis");
  }

  @Test
  void anErrorOfOursIsOneSentenceWithoutAStackTrace() {
    Run run = execution(new IllegalStateException("the reason"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("internal error", "the reason", "QUORATE_TRACE")
        .doesNotContain("\tat ");
  }

  @Test
  void aFailureSaysItsMessageAndExitsWithItsCode() {
    for (ExitCode code : ExitCode.values()) {
      Run run = execution(new CommandFailure(code, "what to do"));
      assertThat(run).isEqualTo(new Run(code.status(), "", "quorate: what to do\n"));
    }
  }

  private static Run execution(Exception thrown) {
    StringWriter err = new StringWriter();
    CommandLine command = new CommandLine(new QuorateCommand()).setErr(new PrintWriter(err, true));
    int status = Failures.execution(thrown, command, command.parseArgs());
    return new Run(status, "", err.toString());
  }

  @Test
  void aStandardOutputThatCannotBeWrittenIsAFailure() {
    StringWriter err = new StringWriter();
    int status =
        QuorateCommand.run(new PrintWriter(new FullDisk()), new PrintWriter(err), "--version");
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("cannot write to standard output");
  }

  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] buffer, int offset, int length) throws java.io.IOException {
      throw new java.io.IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
