package org.quorate.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.node.journal.Journal;

final class DataFolderTest {
  static final SigningKey KEY = LockHolder.key(1);
  private static final SigningKey OTHER_KEY = LockHolder.key(2);

  @TempDir private Path directory;

  static ChainSpec chain(String name, SigningKey key) {
    return new ChainSpec(
        name,
        0,
        new ValidatorSet(List.of(new Validator("validator-0", key.publicKey()))),
        new ClientSet(List.of()),
        ChainParameters.DEFAULTS,
        new TreeMap<>());
  }

  private DataFolder open(Path path) throws DataFolderException {
    return DataFolder.open(path, chain("local", KEY), KEY.publicKey());
  }

  @Test
  void aNewFolderIsMadeAndOpensAgainForTheSameValidator() throws Exception {
    Path path = directory.resolve("node0/data");
    try (DataFolder folder = open(path)) {
      assertThat(folder.ledger()).isEmptyDirectory();
      assertThat(folder.journal().resolve("journal")).isRegularFile();
    }
    assertThat(path.resolve("CHAIN")).content().startsWith("quorate-data 2\nchain_id local\n");
    open(path).close();
  }

  private void init(Path path) throws DataFolderException {
    DataFolder.init(path, chain("local", KEY), KEY.publicKey());
  }

  private boolean wholeMemory(Path path) throws Exception {
    try (DataFolder folder = open(path)) {
      return folder.wholeMemory();
    }
  }

  @Test
  void onlyAFolderThatIsMadeOnPurposeHasTheMemoryOfANewValidator() throws Exception {
    init(directory.resolve("new"));
    assertThat(wholeMemory(directory.resolve("new"))).isTrue();
    assertThat(wholeMemory(directory.resolve("new"))).isTrue();
    assertThat(wholeMemory(directory.resolve("lost"))).isFalse();
    assertThat(wholeMemory(directory.resolve("lost"))).isFalse();
  }

  @Test
  void aFolderThatIsThereIsNotMadeAnew() throws Exception {
    open(directory).close();
    assertThatThrownBy(() -> init(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("is there already");
    assertThat(wholeMemory(directory)).isFalse();
  }

  @Test
  void aFolderOfTheFirstVersionHasTheMemoryOfItsValidator() throws Exception {
    open(directory).close();
    String text = Files.readString(directory.resolve("CHAIN"));
    Files.writeString(
        directory.resolve("CHAIN"),
        text.replace("quorate-data 2", "quorate-data 1").replace("memory lost\n", ""));
    assertThat(wholeMemory(directory)).isTrue();
  }

  @Test
  void aFolderInUseByAnotherProcessIsRefusedUntilThatProcessIsKilled() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = holder.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("holds");
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(DataFolderException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("in use by another process, " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    open(directory).close();
  }

  @Test
  void aFolderInUseByThisProcessIsRefused() throws Exception {
    try (DataFolder folder = open(directory)) {
      assertThat(folder.journal()).exists();
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(DataFolderException.class)
          .hasMessageContaining("in use by this process");
    }
  }

  @Test
  void aFolderOfAnotherChainIsRefusedWithBothNames() throws Exception {
    open(directory).close();
    assertThatThrownBy(() -> DataFolder.open(directory, chain("other", KEY), KEY.publicKey()))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("belongs to another chain: local")
        .hasMessageContaining("not other");
    open(directory).close();
  }

  @Test
  void aFolderOfAnotherValidatorIsRefusedWithBothKeys() throws Exception {
    open(directory).close();
    assertThatThrownBy(() -> DataFolder.open(directory, chain("local", KEY), OTHER_KEY.publicKey()))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining(KEY.publicKey().hex())
        .hasMessageContaining(OTHER_KEY.publicKey().hex());
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("data"), "text");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("is a file, not a folder");
    assertThat(file).hasContent("text");
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefused() throws Exception {
    Files.createDirectory(directory.resolve("LOCK")); // holds for root too
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("cannot be written")
        .hasMessageContaining("LOCK");
  }

  @Test
  void aFolderWithoutPermissionIsRefusedWithTheRemedy() throws Exception {
    assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertThatThrownBy(() -> open(directory))
          .isInstanceOf(DataFolderException.class)
          .hasMessageContaining("no permission");
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aFolderWithSomethingElseInItIsRefusedAndLeftAsItIs() throws Exception {
    Files.writeString(directory.resolve("thesis.txt"), "text");
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("thesis.txt")
        .hasMessageContaining("empty or a new folder");
    assertThat(directory.resolve("journal")).doesNotExist();
  }

  @Test
  void aFolderThatLostItsJournalIsRefused() throws Exception {
    open(directory).close();
    Files.delete(directory.resolve("journal/journal"));
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("there is no journal in")
        .hasMessageContaining("remove the whole data folder");
    Files.delete(directory.resolve("journal"));
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("journal is missing")
        .hasMessageContaining("forget its votes");
  }

  @Test
  void aCrashBetweenTwoLedgersLeavesTheNewOne() throws Exception {
    open(directory).close();
    Files.writeString(directory.resolve("ledger/old"), "old");
    Files.createDirectory(directory.resolve("restoring"));
    Files.writeString(directory.resolve("restoring/new"), "new");
    Files.move(directory.resolve("ledger"), directory.resolve("replaced"));
    assertThatThrownBy(() -> DataFolder.openForAudit(directory, chain("local", KEY)))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("has not taken its place yet: start the node");
    open(directory).close();
    assertThat(directory.resolve("ledger/new")).hasContent("new");
    assertThat(directory.resolve("ledger/old")).doesNotExist();
    assertThat(directory.resolve("restoring")).doesNotExist();
    assertThat(directory.resolve("replaced")).doesNotExist();
  }

  @Test
  void aLedgerThatIsBeingRestoredTakesNoPlaceByItself() throws Exception {
    open(directory).close();
    Files.createDirectory(directory.resolve("restoring"));
    Files.writeString(directory.resolve("restoring/new"), "half");
    open(directory).close();
    assertThat(directory.resolve("ledger/new")).doesNotExist();
    assertThat(directory.resolve("restoring/new")).exists();
  }

  @Test
  void votesWithoutAnOwnerAreRefused() throws Exception {
    open(directory).close();
    try (Journal journal = Journal.open(directory.resolve("journal")).journal()) {
      journal.append(List.of(new byte[] {1}));
    }
    Files.delete(directory.resolve("CHAIN"));
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("has no file CHAIN but holds journal");
  }

  @Test
  void aDamagedChainFileIsRefused() throws Exception {
    open(directory).close();
    Files.writeString(directory.resolve("CHAIN"), "quorate-data 1\nchain_id local\n");
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(DataFolderException.class)
        .hasMessageContaining("CHAIN is damaged");
  }

  @Test
  void aCrashWhileTheFolderWasMadeDoesNoHarm() throws Exception {
    Files.createDirectory(directory.resolve("ledger"));
    Files.writeString(directory.resolve("CHAIN.new"), "quorate-da");
    open(directory).close();
    Files.delete(directory.resolve("CHAIN")); // it died just before that was there
    open(directory).close();
    open(directory).close();
  }
}
