package org.quorate.node.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.NewViewStatement.SignedViewChange;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.ViewChangeStatement;
import org.quorate.ledger.proof.Vote;

class EvidenceStoreTest {
  private static final EvidenceLimits LIMITS = new EvidenceLimits(2, 1, 4, 3);
  private static final Signature SIGNATURE = Signature.of(new byte[Signature.BYTES]);

  @TempDir private Path folder;

  private static SignedStatement signed(int signer, Statement statement) {
    return new SignedStatement(new ReplicaId(signer), SIGNATURE, statement);
  }

  private static Vote vote(Phase phase, long height, byte content) {
    return new Vote(phase, 0, new BlockId(height, Digest.sha256(new byte[] {content})));
  }

  private static FaultProof contradiction(int signer, long height) {
    return Contradiction.of(
        Digest.ZERO,
        signed(signer, vote(Phase.PREPARE, height, (byte) 1)),
        signed(signer, vote(Phase.PREPARE, height, (byte) 2)));
  }

  private static FaultProof fork(long height) {
    SignatureSet none = new SignatureSet(new TreeMap<>());
    return Fork.of(
        Digest.ZERO,
        new QuorumCertificate(vote(Phase.COMMIT, height, (byte) 1), none),
        new QuorumCertificate(vote(Phase.COMMIT, height, (byte) 2), none),
        List.of(),
        List.of());
  }

  private static FaultProof divergence(long height) {
    SignatureSet none = new SignatureSet(new TreeMap<>());
    BlockId block = new BlockId(height, Digest.ZERO);
    Digest other = Digest.sha256(new byte[] {1});
    return Divergence.of(
        Digest.ZERO,
        new CheckpointCertificate(new Checkpoint(block, Digest.ZERO, Digest.ZERO), none),
        new CheckpointCertificate(new Checkpoint(block, Digest.ZERO, other), none));
  }

  private EvidenceStore open() throws Exception {
    return EvidenceStore.open(folder, LIMITS);
  }

  private static boolean put(EvidenceStore store, FaultProof proof) throws Exception {
    if (!store.claim(proof)) {
      return false;
    }
    store.write(proof);
    return true;
  }

  private static List<String> names(EvidenceStore store) {
    return store.after("", 100).stream().map(EvidenceEntry::name).toList();
  }

  @Test
  void whatIsStoredIsThereAfterARestart() throws Exception {
    FaultProof proof = contradiction(2, 7);
    assertThat(put(open(), proof)).isTrue();

    EvidenceStore again = open();
    assertThat(names(again)).containsExactly("prepare-view-0-height-7-replica-2");
    assertThat(again.after("", 1).get(0).accused()).containsExactly(new ReplicaId(2));
    assertThat(EvidenceJson.read(again.document(proof.name()).orElseThrow())).isEqualTo(proof);
    assertThat(put(again, proof)).isFalse();
  }

  @Test
  void nothingIsListedBeforeItIsOnDisk() throws Exception {
    EvidenceStore store = open();
    FaultProof proof = contradiction(2, 7);
    assertThat(store.claim(proof)).isTrue();
    assertThat(names(store)).isEmpty();
    assertThat(store.document(proof.name())).isEmpty();
    assertThat(store.claim(proof)).isFalse();
  }

  @Test
  void oneValidatorFillsItsOwnPlacesOnlyAlsoAcrossARestart() throws Exception {
    EvidenceStore store = open();
    assertThat(put(store, contradiction(2, 1))).isTrue();
    assertThat(put(store, contradiction(2, 2))).isTrue();
    assertThat(put(store, contradiction(2, 3))).isFalse();
    assertThat(put(open(), contradiction(2, 3))).isFalse();
    assertThat(put(store, contradiction(1, 3))).isTrue();
    assertThat(put(store, fork(9))).isTrue();
    assertThat(put(store, contradiction(0, 3))).as("more than in all").isFalse();
  }

  @Test
  void forksAreBoundedToo() throws Exception {
    EvidenceStore store = open();
    assertThat(put(store, fork(9))).isTrue();
    assertThat(put(store, fork(10))).isFalse();
  }

  /** An operator put it there: no node makes one. */
  @Test
  void divergenceInTheFolderIsServedAndBoundedApartFromForks() throws Exception {
    FaultProof proof = divergence(7);
    Files.write(folder.resolve("divergence-height-7.json"), EvidenceJson.write(proof));
    Files.write(folder.resolve("divergence-height-8.json"), EvidenceJson.write(divergence(8)));
    EvidenceStore store = open();
    assertThat(store.after("", 9))
        .containsExactly(new EvidenceEntry(proof.name(), EvidenceKind.DIVERGENCE, List.of()));
    assertThat(store.document(proof.name())).contains(EvidenceJson.write(proof));
    assertThat(store.unreadable()).containsExactly("divergence-height-8.json");
    assertThat(put(store, fork(7))).isTrue();
    assertThat(put(store, contradiction(2, 7))).isTrue();
  }

  @Test
  void pagesGoOnAfterAName() throws Exception {
    EvidenceStore store = open();
    put(store, contradiction(1, 1));
    put(store, contradiction(2, 1));
    List<EvidenceEntry> first = store.after("", 1);
    assertThat(first).hasSize(1);
    assertThat(store.after(first.get(0).name(), 5)).hasSize(1).doesNotContain(first.get(0));
    assertThat(store.size()).isEqualTo(2);
  }

  @Test
  void strangeFilesAreLeftAloneAndUnfinishedOnesRemoved() throws Exception {
    put(open(), contradiction(1, 1));
    Files.writeString(folder.resolve("torn.json"), "{");
    Files.write(folder.resolve("other-name.json"), EvidenceJson.write(contradiction(2, 1)));
    Files.writeString(folder.resolve("x.json.new"), "{");

    EvidenceStore again = open();
    assertThat(names(again)).hasSize(1);
    assertThat(again.unreadable()).containsExactlyInAnyOrder("torn.json", "other-name.json");
    assertThat(folder.resolve("torn.json")).exists();
    assertThat(folder.resolve("x.json.new")).doesNotExist();
    assertThat(again.document("../x")).isEmpty();
  }

  // NEW-VIEWs.

  private static SignedStatement newView(long view) {
    ViewChangeStatement change = new ViewChangeStatement(view, Optional.empty(), Optional.empty());
    return signed(
        1,
        new NewViewStatement(
            view, List.of(new SignedViewChange(new ReplicaId(3), SIGNATURE, change))));
  }

  @Test
  void viewChangesOfTheLastViewsAreKeptAcrossARestart() throws Exception {
    NewViewArchive archive = NewViewArchive.open(folder, LIMITS);
    for (long view : new long[] {1, 2, 9, 10}) {
      archive.keep(newView(view));
    }
    NewViewArchive again = NewViewArchive.open(folder, LIMITS);
    assertThat(again.viewChangesAbove(0))
        .extracting(change -> ((ViewChangeStatement) change.statement()).newView())
        .containsExactly(2L, 9L, 10L);
    assertThat(again.viewChangesAbove(9))
        .containsExactly(
            signed(3, new ViewChangeStatement(10, Optional.empty(), Optional.empty())));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(3);
    }
  }
}
