package org.quorate.ledger.json;

import java.util.List;
import java.util.stream.Stream;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.Contradiction;
import org.quorate.ledger.proof.Divergence;
import org.quorate.ledger.proof.EvidenceKind;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignedStatement;

/**
 * Evidence as a document: one JSON object of exactly the fields of its kind, in any order
 * (FORMAT.md, section 9). All but the format and the kind are lower-case hex of canonical bytes.
 */
public final class EvidenceJson {
  /** What the field {@code format} says. */
  public static final String FORMAT = "quorate-evidence/1";

  /** The largest document that is read, in bytes: two NEW-VIEWs of 128 validators, and room. */
  public static final int BYTES_MAX = 12 << 20;

  private static final List<String> COMMON_FIELDS =
      List.of("format", "chain_hash", "kind", "first", "second");

  private static final List<String> FORK_FIELDS =
      Stream.concat(COMMON_FIELDS.stream(), Stream.of("links", "view_changes")).toList();

  private EvidenceJson() {}

  /** The document as UTF-8, indented, with a final newline. */
  public static byte[] write(FaultProof proof) {
    BundleWriter bundle =
        new BundleWriter(FORMAT)
            .value("chain_hash", proof.chainHash().bytes())
            .text("kind", proof.kind().slug());
    if (proof instanceof Contradiction contradiction) {
      return bundle
          .value("first", contradiction.first().encoded())
          .value("second", contradiction.second().encoded())
          .toBytes();
    }
    if (proof instanceof Fork fork) {
      return bundle
          .value("first", fork.first().encoded())
          .value("second", fork.second().encoded())
          .list("links", fork.links().stream().map(Encodable::encoded).toList())
          .list("view_changes", fork.viewChanges().stream().map(Encodable::encoded).toList())
          .toBytes();
    }
    Divergence divergence = (Divergence) proof;
    return bundle
        .value("first", divergence.first().encoded())
        .value("second", divergence.second().encoded())
        .toBytes();
  }

  /**
   * Reads a document; whether it proves anything is {@link
   * org.quorate.ledger.proof.Auditor#judge}'s to say.
   *
   * @throws MalformedException if it is not evidence, naming the field
   */
  public static FaultProof read(byte[] json) throws MalformedException {
    BundleReader bundle = BundleReader.parse("evidence", json, BYTES_MAX);
    String slug = bundle.text("kind");
    EvidenceKind kind =
        EvidenceKind.ofSlug(slug)
            .orElseThrow(() -> new MalformedException("no kind of evidence is \"" + slug + "\""));
    bundle.checkFields(kind == EvidenceKind.FORK ? FORK_FIELDS : COMMON_FIELDS);
    bundle.checkFormat(FORMAT);
    try {
      return switch (kind) {
        case FORK -> fork(bundle);
        case DIVERGENCE -> divergence(bundle);
        default -> contradiction(kind, bundle);
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Contradiction contradiction(EvidenceKind kind, BundleReader bundle)
      throws MalformedException {
    return new Contradiction(
        bundle.digest("chain_hash"),
        kind,
        bundle.value("first", SignedStatement::decode),
        bundle.value("second", SignedStatement::decode));
  }

  private static Fork fork(BundleReader bundle) throws MalformedException {
    return new Fork(
        bundle.digest("chain_hash"),
        bundle.value("first", QuorumCertificate::decode),
        bundle.value("second", QuorumCertificate::decode),
        bundle.list("links", Fork.LINKS_MAX, "headers", BlockHeader::decode),
        bundle.list(
            "view_changes",
            ValidatorSet.VALIDATORS_MAX,
            "signed statements",
            SignedStatement::decode));
  }

  private static Divergence divergence(BundleReader bundle) throws MalformedException {
    return new Divergence(
        bundle.digest("chain_hash"),
        bundle.value("first", CheckpointCertificate::decode),
        bundle.value("second", CheckpointCertificate::decode));
  }
}
