package org.quorate.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.TestChain;
import org.quorate.consensus.message.Authenticated;
import org.quorate.consensus.message.NewView;
import org.quorate.consensus.message.RejectedException;
import org.quorate.consensus.message.Signed;
import org.quorate.consensus.message.ViewChange;
import org.quorate.ledger.membership.ReplicaId;

/** What is forged is well-formed and well signed, but for what it is forged for. */
final class ForgedNewViewTest {
  private static final ReplicaId PRIMARY = new ReplicaId(2);
  private static final ReplicaId RECEIVER = new ReplicaId(3);
  private static final long VIEW = 2;

  private final TestChain chain = new TestChain(4);

  private Signed<ViewChange> viewChange(int signer, long view) {
    return chain
        .authenticator(new ReplicaId(signer))
        .sign(new ViewChange(view, Optional.empty(), Optional.empty()));
  }

  private Authenticated opened(List<Signed<ViewChange>> viewChanges) throws RejectedException {
    return chain
        .authenticator(RECEIVER)
        .open(PRIMARY, ForgedNewView.bytes(chain, PRIMARY, VIEW, viewChanges));
  }

  private void assertRefused(List<Signed<ViewChange>> viewChanges, String why) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> opened(viewChanges))
        .withMessageContaining(why);
  }

  @Test
  void aQuorumForTheViewIsTaken() throws RejectedException {
    List<Signed<ViewChange>> quorum =
        List.of(viewChange(0, VIEW), viewChange(1, VIEW), viewChange(2, VIEW));
    assertThat(opened(quorum).message())
        .isEqualTo(chain.authenticator(PRIMARY).sign(new NewView(VIEW, quorum)));
  }

  @Test
  void oneForAnotherViewIsRefused() {
    assertRefused(
        List.of(viewChange(0, VIEW), viewChange(1, VIEW - 1), viewChange(2, VIEW)), "its own view");
  }

  @Test
  void oneSignerTwiceIsRefused() {
    assertRefused(
        List.of(viewChange(0, VIEW), viewChange(2, VIEW), viewChange(2, VIEW)), "rise strictly");
  }
}
