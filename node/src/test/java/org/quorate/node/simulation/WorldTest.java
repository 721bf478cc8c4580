package org.quorate.node.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Commit;
import org.quorate.consensus.message.Prepare;
import org.quorate.consensus.message.Signable;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.membership.ReplicaId;

/** Quorums that contradict each other are found, whoever is in them. */
final class WorldTest {
  private final TestChain chain = new TestChain(4);
  private final World world = new World(chain.spec(), true);

  private void signed(World where, Signable content, int... signers) {
    for (int signer : signers) {
      where.add(chain.authenticator(new ReplicaId(signer)).sign(content));
    }
  }

  private void signed(Signable content, int... signers) {
    signed(world, content, signers);
  }

  private static BlockId block(long height, String name) {
    return new BlockId(height, Digest.sha256(name.getBytes(UTF_8)));
  }

  @Test
  void twoBlocksOfOneHeightThatQuorumsCommitInTwoViewsAreFound() {
    signed(new Commit(0, block(1, "one")), 0, 1, 2);
    signed(new Commit(3, block(1, "another")), 1, 2);

    assertThatThrownBy(() -> signed(new Commit(3, block(1, "another")), 3))
        .isInstanceOf(Violation.class)
        .hasMessageStartingWith("AGREEMENT");
  }

  @Test
  void blocksOfTwoChainsThatQuorumsCommitAreFound() {
    Block first = chain.block(0, chain.spec().genesisHeader());
    Block other = chain.block(1, chain.spec().genesisHeader(), chain.transaction(1));
    Block above = chain.block(1, other.header());
    world.add(first);
    world.add(other);
    world.add(above);
    signed(new Commit(1, above.id()), 0, 1, 3);
    signed(new Commit(0, first.id()), 0, 1);

    assertThatThrownBy(() -> signed(new Commit(0, first.id()), 2))
        .isInstanceOf(Violation.class)
        .hasMessageStartingWith("AGREEMENT");
  }

  @Test
  void oneBlockThatQuorumsCommitInTwoViewsIsAsItShouldBe() {
    signed(new Commit(0, block(1, "one")), 0, 1, 2);

    assertThatCode(() -> signed(new Commit(3, block(1, "one")), 1, 2, 3))
        .doesNotThrowAnyException();
  }

  @Test
  void twoBlocksOfOneViewAndHeightThatQuorumsPrepareAreFound() {
    signed(new Prepare(2, block(1, "one")), 0, 1, 2);
    signed(new Prepare(3, block(1, "another")), 0, 1, 2);
    signed(new Prepare(2, block(1, "another")), 1, 3);

    assertThatThrownBy(() -> signed(new Prepare(2, block(1, "another")), 2))
        .isInstanceOf(Violation.class)
        .hasMessageStartingWith("AGREEMENT");
  }

  @Test
  void whereMoreIsBrokenThanMayBeQuorumsMayContradict() {
    World broken = new World(chain.spec(), false);
    signed(broken, new Commit(0, block(1, "one")), 0, 1, 2);

    assertThatCode(() -> signed(broken, new Commit(0, block(1, "another")), 0, 1, 3))
        .doesNotThrowAnyException();
  }
}
