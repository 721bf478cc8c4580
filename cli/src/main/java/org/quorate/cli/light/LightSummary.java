package org.quorate.cli.light;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.proof.Checkpoint;
import org.quorate.ledger.proof.QuorumCertificate;

/**
 * What a light client's folder holds, at one moment.
 *
 * @param header of the highest block
 * @param block that block
 * @param commit what makes it final; none for the genesis
 * @param proven the highest result that is proven
 * @param blocks how many hashes there are, the genesis included
 * @param skipped the heights below the highest block of which there are none
 * @param evidence what shows that two blocks are final, or two results proven, that cannot both be
 */
public record LightSummary(
    BlockHeader header,
    BlockId block,
    Optional<QuorumCertificate> commit,
    Optional<Checkpoint> proven,
    long blocks,
    List<Range> skipped,
    List<Path> evidence) {
  public LightSummary {
    skipped = List.copyOf(skipped);
    evidence = List.copyOf(evidence);
  }

  /** Heights in a row, both ends included. */
  public record Range(long first, long last) {}

  /** What {@code folder} holds now. */
  public static LightSummary of(LightFolder folder) throws IOException {
    List<Range> skipped = new ArrayList<>();
    List<Segment> segments = folder.segments();
    for (int i = 1; i < segments.size(); i++) {
      long first = segments.get(i - 1).end() + 1;
      long last = segments.get(i).first() - 1;
      if (first <= last) {
        skipped.add(new Range(first, last));
      }
    }
    BlockHeader header = folder.header();
    return new LightSummary(
        header,
        new BlockId(header.height(), header.hash(folder.chain().chainHash())),
        folder.top().map(top -> top.commit()),
        folder.proven().map(proven -> proven.certificate().checkpoint()),
        folder.blocks(),
        skipped,
        folder.evidenceFiles());
  }
}
