package org.quorate.cli.light;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.quorate.cli.CommandFailure;
import org.quorate.cli.ExitCode;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hex;
import org.quorate.ledger.file.WholeFile;
import org.quorate.ledger.json.EvidenceJson;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.FaultProof;

/**
 * The folder {@code evidence} of a light client's: what shows that two blocks are final, or two
 * results proven, that cannot both be. While a file is in it, the client goes no further: which of
 * the two others build on is not for it to decide.
 */
final class EvidenceFolder {
  private final Path path;

  EvidenceFolder(Path path) {
    this.path = path;
  }

  /** The files in it, by name. */
  List<Path> files() throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(file -> !file.toString().endsWith(WholeFile.UNFINISHED))
          .sorted()
          .toList();
    }
  }

  /** Keeps a proof, and tells where. */
  Path keep(FaultProof proof) throws IOException {
    return keep(proof.name(), EvidenceJson.write(proof));
  }

  /**
   * Keeps a final block that is another than the folder has, where the certificate of that one
   * could not be had, and tells where.
   */
  Path keep(Digest chainHash, CommittedHeader block) throws IOException {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("chain_hash", chainHash.hex())
            .put("header", Hex.encode(block.header().encoded()))
            .put("commit_certificate", Hex.encode(block.commit().encoded()));
    return keep(
        "block-height-" + block.header().height(),
        (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Path keep(String name, byte[] document) throws IOException {
    Files.createDirectories(path);
    Path file = path.resolve(name + ".json");
    WholeFile.replace(file, document);
    return file;
  }

  /** Ends the command if there is evidence, naming it. */
  void refuseIfAny() throws CommandFailure, IOException {
    List<Path> files = files();
    if (!files.isEmpty()) {
      throw new CommandFailure(
          ExitCode.PROOF_INVALID,
          """
          validators of this chain have signed what contradicts itself, so nothing more is believed of it: %s shows it.
          Look at it (quorate evidence verify --genesis FILE EVIDENCE), learn from the operators which block and result hold, and remove it to go on"""
              .formatted(files.get(0)));
    }
  }
}
