package org.quorate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedSet;
import java.util.StringJoiner;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Quorum;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.NewViewStatement;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.ViewChangeStatement;
import org.quorate.ledger.proof.Vote;

/** What evidence that holds says, for people and for programs. */
final class EvidenceReport {
  private final ChainSpec chain;
  private final FaultProof proof;
  private final SortedSet<ReplicaId> guilty;

  /**
   * @param proof one that was judged against {@code chain}
   * @param guilty whom the auditor named
   */
  EvidenceReport(ChainSpec chain, FaultProof proof, SortedSet<ReplicaId> guilty) {
    this.chain = chain;
    this.proof = proof;
    this.guilty = guilty;
  }

  /** The same for programs. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", proof.name())
            .put("kind", proof.kind().slug());
    ArrayNode named = json.putArray("guilty");
    for (ReplicaId replica : guilty) {
      Validator validator = chain.validators().validator(replica);
      named
          .addObject()
          .put("replica", replica.index())
          .put("name", validator.name())
          .put("public_key", validator.publicKey().hex());
    }
    return json;
  }

  /** What is proven, in sentences. */
  String explanation() {
    StringJoiner text = new StringJoiner("\n");
    text.add("This is proven, against the genesis file alone, of the chain " + chain.chainId());
    text.add("  (chain hash " + chain.chainHash() + "):");
    if (proof instanceof Contradiction contradiction) {
      explain(contradiction, text);
    } else if (proof instanceof Fork fork) {
      explain(fork, text);
    } else {
      explain((Divergence) proof, text);
    }
    if (!guilty.isEmpty()) {
      text.add("Guilty:");
    }
    for (ReplicaId replica : guilty) {
      Validator validator = chain.validators().validator(replica);
      text.add("  %s, public key %s".formatted(validator.name(), validator.publicKey()));
    }
    return text.toString();
  }

  private void explain(Contradiction contradiction, StringJoiner text) {
    text.add(name(contradiction.first().signer()) + " signed");
    text.add("  " + describe(contradiction.first().statement()));
    text.add("and also signed");
    text.add("  " + describe(contradiction.second().statement()) + ".");
    text.add(why(contradiction.kind()));
  }

  private static String why(EvidenceKind kind) {
    return switch (kind) {
      case PREPARE, COMMIT ->
          "No correct validator votes for two blocks of one height in one view and phase.";
      case CHECKPOINT ->
          "No correct validator gets two results for one height: a block is executed once.";
      case VIEW_CHANGE ->
          "What a correct validator has prepared never falls, and stands still between two views.";
      case NEW_VIEW -> "No correct primary begins one view twice.";
      case FORGOTTEN_COMMIT ->
          "A correct validator that sent that COMMIT would have reported at least as much.";
      case FORK, DIVERGENCE -> throw new AssertionError(kind.slug() + " is not of two statements");
    };
  }

  private static String describe(Statement statement) {
    if (statement instanceof Vote vote) {
      return "%s in view %d for the block of height %d with the hash %s"
          .formatted(vote.phase(), vote.view(), vote.height(), vote.block().hash());
    } else if (statement instanceof Checkpoint checkpoint) {
      return "a CHECKPOINT of height %d: block %s, receipts root %s, state root %s"
          .formatted(
              checkpoint.height(),
              checkpoint.block().hash(),
              checkpoint.receiptsRoot(),
              checkpoint.stateRoot());
    } else if (statement instanceof ViewChangeStatement viewChange) {
      return "a VIEW-CHANGE to view %d that reports as prepared %s"
          .formatted(
              viewChange.newView(),
              viewChange
                  .prepared()
                  .map(
                      vote ->
                          "in view %d the block of height %d with the hash %s"
                              .formatted(vote.view(), vote.height(), vote.block().hash()))
                  .orElse("nothing"));
    } else {
      NewViewStatement newView = (NewViewStatement) statement;
      return "a NEW-VIEW of view %d with %d VIEW-CHANGEs"
          .formatted(newView.view(), newView.viewChanges().size());
    }
  }

  private void explain(Fork fork, StringJoiner text) {
    for (QuorumCertificate certificate : List.of(fork.first(), fork.second())) {
      text.add(
          ProofReport.names(chain, certificate.signatures())
              + " signed\n  "
              + describe(certificate.vote())
              + ";");
    }
    text.add(
        fork.links().isEmpty()
            ? "these are two final blocks of one height."
            : "the headers between them show that one does not stand on the other.");
    text.add(
        "So more than f = %d of the %d validators are faulty."
            .formatted(chain.validators().quorum().f(), chain.validators().n()));
    if (fork.first().vote().view() == fork.second().vote().view()) {
      text.add(
          "Who signed both is guilty: a correct validator's COMMITs of a view are of one chain.");
    } else if (guilty.isEmpty()) {
      text.add(
          "Who they are this document does not show: it lacks the VIEW-CHANGEs between views %d and %d."
              .formatted(fork.first().vote().view(), fork.second().vote().view()));
      text.add("Ask the other nodes for theirs: quorate evidence list.");
    } else {
      text.add(
          "Who signed %s for the first and forgot it in a VIEW-CHANGE to a later view is guilty."
              .formatted(Phase.COMMIT));
    }
  }

  private void explain(Divergence divergence, StringJoiner text) {
    for (CheckpointCertificate certificate : List.of(divergence.first(), divergence.second())) {
      text.add(
          ProofReport.names(chain, certificate.signatures())
              + " signed\n  "
              + describe(certificate.checkpoint())
              + ";");
    }
    Quorum quorum = chain.validators().quorum();
    text.add(
        "these are two results of one height, each signed by f+1 = %d or more, so by a correct one if at most f are faulty."
            .formatted(quorum.weakQuorum()));
    String moreThanF =
        "more than f = %d of the %d validators are faulty".formatted(quorum.f(), quorum.n());
    text.add(
        divergence.isOfOneBlock()
            ? "So "
                + moreThanF
                + ", or correct ones execute one block differently: by another version of the program, an error in it, or damaged memory."
            : "They are of different blocks, and correct validators execute final ones only. So "
                + moreThanF
                + ".");
    text.add(
        guilty.isEmpty()
            ? "Nobody signed both, so who is at fault this document does not show."
            : "Who signed both is guilty: a correct validator gets one result for one height.");
    text.add("Which result is right, executing the blocks again tells: quorate ledger verify.");
  }

  private String name(ReplicaId replica) {
    return chain.validators().validator(replica).name();
  }
}
