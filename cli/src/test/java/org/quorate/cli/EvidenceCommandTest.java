package org.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quorate.cli.client.StubChain;
import org.quorate.cli.client.StubNode;
import org.quorate.cli.client.StubNode.Manner;
import org.quorate.genesis.GenesisDocument;
import org.quorate.genesis.HostPort;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.ViewChangeStatement;
import org.quorate.ledger.proof.Vote;

@Timeout(120)
final class EvidenceCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final BlockId ONE = new BlockId(7, Digest.sha256(new byte[] {1}));
  private static final BlockId OTHER = new BlockId(7, Digest.sha256(new byte[] {2}));

  @TempDir Path folder;

  private final StubChain chain = new StubChain(1, List.of("alice"));
  private final StubChain other = new StubChain(2, List.of("alice"));
  private final List<StubNode> nodes = new ArrayList<>();

  @BeforeEach
  void makeNetworkFolder() throws Exception {
    nodes.addAll(
        StubNode.network(chain, other, Manner.HONEST, Manner.HONEST, Manner.HONEST, Manner.HONEST));
    nodes.get(3).close();
    writeGenesis("genesis.json", chain);
    writeGenesis("other.json", other);
    Files.createDirectory(folder.resolve("clients"));
  }

  private void writeGenesis(String name, StubChain of) throws Exception {
    List<HostPort> apis =
        nodes.stream().map(node -> new HostPort("127.0.0.1", node.port())).toList();
    List<HostPort> peers =
        nodes.stream().map(node -> new HostPort("127.0.0.2", node.port())).toList();
    new GenesisDocument(of.spec(), peers, apis).write(folder.resolve(name));
  }

  @AfterEach
  void closeNodes() {
    nodes.subList(0, 3).forEach(StubNode::close);
  }

  private SignedStatement sign(int signer, Statement statement) {
    return new SignedStatement(
        new ReplicaId(signer),
        chain.signed(statement, signer).signatures().get(new ReplicaId(signer)),
        statement);
  }

  private FaultProof contradiction(int signer, Statement one, Statement and) {
    return Contradiction.of(chain.spec().chainHash(), sign(signer, one), sign(signer, and));
  }

  private FaultProof twoCommits(int signer) {
    return contradiction(signer, new Vote(Phase.COMMIT, 3, ONE), new Vote(Phase.COMMIT, 3, OTHER));
  }

  private FaultProof borrowed() {
    SignedStatement good = sign(2, new Vote(Phase.COMMIT, 3, ONE));
    return Contradiction.of(
        chain.spec().chainHash(),
        good,
        new SignedStatement(new ReplicaId(2), good.signature(), new Vote(Phase.COMMIT, 3, OTHER)));
  }

  private static ViewChangeStatement viewChange(long view) {
    return new ViewChangeStatement(view, Optional.empty(), Optional.empty());
  }

  private QuorumCertificate certificate(Phase phase, long view, BlockId block, int... signers) {
    Vote vote = new Vote(phase, view, block);
    return new QuorumCertificate(vote, chain.signed(vote, signers));
  }

  private Fork fork(long view, SignedStatement... viewChanges) {
    return Fork.of(
        chain.spec().chainHash(),
        certificate(Phase.COMMIT, 0, ONE, 0, 1, 2),
        certificate(Phase.COMMIT, view, OTHER, 1, 2, 3),
        List.of(),
        List.of(viewChanges));
  }

  private Path save(FaultProof proof) throws Exception {
    Path file = folder.resolve("evidence.json");
    Files.write(file, EvidenceJson.write(proof));
    return file;
  }

  private Run verify(FaultProof proof, Object... options) throws Exception {
    List<Object> words =
        new ArrayList<>(List.of("evidence", "verify", "--genesis", folder.resolve("genesis.json")));
    words.addAll(List.of(options));
    words.add(save(proof));
    return Run.quorate(words.toArray());
  }

  private String key(int replica) {
    return chain.spec().validators().validator(new ReplicaId(replica)).publicKey().hex();
  }

  @Test
  void guiltyIsNamedWithItsKeyAndWhatItSignedWithoutANetwork() throws Exception {
    closeNodes();
    Run run = verify(twoCommits(2));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("node2 signed\n  COMMIT in view 3 for the block of height 7")
        .contains(ONE.hash().hex(), OTHER.hash().hex())
        .contains("Guilty:\n  node2, public key " + key(2));
  }

  @Test
  void everyKindIsExplained() throws Exception {
    QuorumCertificate prepared = certificate(Phase.PREPARE, 1, ONE, 0, 1, 2);
    ViewChangeStatement reports =
        new ViewChangeStatement(4, Optional.empty(), Optional.of(prepared));
    List<FaultProof> proofs =
        List.of(
            contradiction(2, new Vote(Phase.PREPARE, 0, ONE), new Vote(Phase.PREPARE, 0, OTHER)),
            contradiction(
                2,
                new Checkpoint(ONE, Digest.ZERO, Digest.ZERO),
                new Checkpoint(OTHER, Digest.ZERO, Digest.ZERO)),
            contradiction(2, viewChange(4), reports),
            contradiction(
                2,
                new NewViewStatement(4, List.of()),
                new NewViewStatement(
                    4,
                    List.of(
                        new NewViewStatement.SignedViewChange(
                            new ReplicaId(1), sign(1, viewChange(4)).signature(), viewChange(4))))),
            contradiction(2, new Vote(Phase.COMMIT, 3, ONE), reports));
    for (FaultProof proof : proofs) {
      Run run = verify(proof);
      assertThat(run.status()).as(proof.name()).isZero();
      assertThat(run.out()).contains("correct", "Guilty:\n  node2, public key " + key(2));
    }
  }

  @Test
  void forkOfOneViewNamesMoreThanF() throws Exception {
    Run run = verify(fork(0));
    assertThat(run.out())
        .contains("more than f = 1 of the 4 validators are faulty")
        .contains("Guilty:\n  node1, public key " + key(1) + "\n  node2, public key " + key(2))
        .doesNotContain("node0, public", "node3, public");
  }

  @Test
  void forkAcrossViewsNamesWhoForgotOrSaysThatItNamesNobody() throws Exception {
    Run named = verify(fork(2, sign(0, viewChange(1)), sign(1, viewChange(2))));
    assertThat(named.out())
        .contains("forgot it")
        .contains("Guilty:\n  node0, public key " + key(0) + "\n  node1, public key " + key(1));
    Run bare = verify(fork(2));
    assertThat(bare.status()).isZero();
    assertThat(bare.out())
        .contains("more than f = 1", "lacks the VIEW-CHANGEs between views 0 and 2")
        .doesNotContain("Guilty");
  }

  private Divergence divergence(Checkpoint one, int[] signers, Checkpoint and, int... others) {
    return Divergence.of(
        chain.spec().chainHash(), chain.certificate(one, signers), chain.certificate(and, others));
  }

  @Test
  void divergenceSaysWhatItProvesAndNamesWhoSignedBothResultsIfAnybodyDid() throws Exception {
    Checkpoint result = new Checkpoint(ONE, Digest.ZERO, Digest.ZERO);
    Checkpoint otherState = new Checkpoint(ONE, Digest.ZERO, OTHER.hash());
    Checkpoint ofAnother = new Checkpoint(OTHER, Digest.ZERO, Digest.ZERO);
    int[] signers = {0, 1};

    Run nobody = verify(divergence(result, signers, otherState, 2, 3));
    assertThat(nobody.status()).isZero();
    assertThat(nobody.out())
        .contains("node0, node1 signed\n  a CHECKPOINT of height 7", OTHER.hash().hex())
        .contains("node2, node3 signed\n  a CHECKPOINT of height 7")
        .contains("more than f = 1 of the 4 validators are faulty, or correct ones execute")
        .contains("Nobody signed both", "quorate ledger verify")
        .doesNotContain("Guilty");

    Run named = verify(divergence(result, signers, otherState, 1, 2));
    assertThat(named.out())
        .contains("a correct validator gets one result for one height")
        .contains("Guilty:\n  node1, public key " + key(1))
        .doesNotContain("Nobody", "node0, public", "node2, public");

    Run blocks = verify(divergence(result, signers, ofAnother, 2, 3));
    assertThat(blocks.out())
        .contains("They are of different blocks", "So more than f = 1 of the 4")
        .doesNotContain("or correct ones execute");

    Run few = verify(divergence(result, signers, otherState, 3));
    assertThat(few.status()).isEqualTo(3);
    assertThat(few.err()).contains("does not hold: 1 signers where 2 are needed");
  }

  @Test
  void programsAreToldTheSame() throws Exception {
    JsonNode json = JSON.readTree(verify(twoCommits(2), "--format", "json").out());
    assertThat(json.get("valid").booleanValue()).isTrue();
    assertThat(json.get("kind").textValue()).isEqualTo("commit");
    assertThat(json.at("/guilty/0/replica").intValue()).isEqualTo(2);
    assertThat(json.at("/guilty/0/public_key").textValue()).isEqualTo(key(2));
  }

  @Test
  void evidenceThatDoesNotHoldEndsWithThreeAndTheReason() throws Exception {
    Run forged = verify(borrowed());
    assertThat(forged.status()).isEqualTo(3);
    assertThat(forged.out()).isEmpty();
    assertThat(forged.err()).contains("does not hold: the signature of node2");

    Path file = save(twoCommits(2));
    Run foreign =
        Run.quorate("evidence", "verify", "--genesis", folder.resolve("other.json"), file);
    assertThat(foreign.status()).isEqualTo(3);
    assertThat(foreign.err()).contains("does not hold: the chain is");

    Files.writeString(file, Files.readString(file).substring(0, 100));
    Run torn = Run.quorate("evidence", "verify", "--genesis", folder.resolve("genesis.json"), file);
    assertThat(torn.status()).isEqualTo(3);
  }

  // From a network.

  @Test
  void evidenceOfEachNodeIsListedAlsoWhenOneIsDead() throws Exception {
    nodes.get(1).hold(twoCommits(2));
    Run run = Run.quorate("evidence", "list", "--network", folder);
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("node0 holds 0")
        .contains("node1 holds 1\n  commit-view-3-height-7-replica-2  against node2")
        .contains("node3: no connection");
  }

  @Test
  void whenNoNodeAnswersTheListEndsWithFive() throws Exception {
    closeNodes();
    assertThat(Run.quorate("evidence", "list", "--network", folder).status()).isEqualTo(5);
  }

  @Test
  void evidenceIsSavedFromTheFirstNodeWhoseEvidenceHolds() throws Exception {
    nodes.get(0).hold(borrowed());
    nodes.get(1).hold(twoCommits(1));
    nodes.get(2).hold(twoCommits(2));
    Path file = folder.resolve("saved.json");
    String id = twoCommits(2).name();
    Run run = Run.quorate("evidence", "get", "--network", folder, id, "-o", file);
    assertThat(run.status()).isZero();
    assertThat(Files.readAllBytes(file)).isEqualTo(EvidenceJson.write(twoCommits(2)));
    assertThat(Run.quorate("evidence", "get", "--network", folder, id, "-o", file).err())
        .contains("--force");
  }

  @Test
  void whenNoNodesEvidenceHoldsEachIsReported() throws Exception {
    nodes.get(0).hold(borrowed());
    nodes.get(1).hold(twoCommits(1));
    Path file = folder.resolve("saved.json");
    Run run = Run.quorate("evidence", "get", "--network", folder, twoCommits(2).name(), "-o", file);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("proves nothing", "gave other evidence", "no connection");
    assertThat(file).doesNotExist();
  }
}
