package org.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quorate.consensus.Input;
import org.quorate.ledger.RepairResult;
import org.quorate.ledger.store.DamageException;
import org.quorate.ledger.store.StorageException;
import org.quorate.ledger.store.Table;
import org.quorate.monitoring.NodeMetrics;

final class RepairsTest {
  private final StorageException cause = new StorageException("a checksum");

  private final List<Input.Lost> lost = new ArrayList<>();
  private final List<DamageException> beyondPeers = new ArrayList<>();
  private final NodeMetrics metrics = new NodeMetrics();
  private final Repairs repairs = new Repairs(true, lost::add, beyondPeers::add, metrics);

  private double count(String name) {
    return metrics.registry().getSampleValue(name);
  }

  private void attempted(Table... stillLost) {
    repairs.attempted(7, new RepairResult(true, 1, List.of(stillLost)));
  }

  @Test
  void blockThatIsMetAgainIsAskedForOnceAndAfterItsRepairAnew() {
    assertThat(repairs.damaged(7, cause)).isTrue();
    assertThat(repairs.damaged(7, cause)).isTrue();
    assertThat(lost).containsExactly(new Input.Lost(7));
    attempted();
    assertThat(repairs.damaged(7, cause)).isTrue();
    assertThat(lost).hasSize(2);
    assertThat(count("quorate_damage_found_total")).isEqualTo(3);
    assertThat(count("quorate_damage_repaired_total")).isEqualTo(1);
  }

  @Test
  void blockWhoseReceiptsAreLostIsNotAskedForAgain() {
    assertThat(repairs.damaged(7, cause)).isTrue();
    attempted(Table.RECEIPTS);
    assertThat(repairs.damaged(7, cause)).isFalse();
    assertThat(lost).hasSize(1);
    assertThat(count("quorate_damage_repaired_total")).isZero();
  }

  @Test
  void whatAnotherPeerMayHaveIsAskedForAgain() {
    assertThat(repairs.damaged(7, cause)).isTrue();
    attempted(Table.CERTIFICATE, Table.RECEIPTS);
    assertThat(repairs.damaged(7, cause)).isTrue();
    repairs.attempted(7, new RepairResult(false, 0, List.of()));
    assertThat(repairs.damaged(7, cause)).isTrue();
    assertThat(lost).hasSize(3);
    assertThat(count("quorate_damage_repaired_total")).isZero();
  }

  @Test
  void blocksThatAreAskedForAreBounded() {
    for (int height = 1; height <= RunnerLimits.REPAIRS_MAX; height++) {
      assertThat(repairs.damaged(height, cause)).isTrue();
    }
    assertThat(repairs.damaged(1_000, cause)).isFalse();
    attempted();
    assertThat(repairs.damaged(1_000, cause)).isTrue();
  }

  @Test
  void loneValidatorHasNobodyToAsk() {
    Repairs lone = new Repairs(false, lost::add, beyondPeers::add, metrics);
    assertThat(lone.damaged(7, new DamageException("a checksum"))).isFalse();
    assertThat(lost).isEmpty();
    assertThat(beyondPeers).as("to make the ledger anew could only shorten it").isEmpty();
    assertThat(count("quorate_damage_found_total")).isEqualTo(1);
  }

  @Test
  void damageOfNoKnownBlockIsCountedAndRemembered() {
    DamageException damage = new DamageException("a checksum");
    repairs.damaged(damage);
    assertThat(count("quorate_damage_found_total")).isEqualTo(1);
    assertThat(lost).isEmpty();
    assertThat(beyondPeers).containsExactly(damage);
  }

  @Test
  void diskThatDoesNotAnswerIsNoDamage() {
    repairs.damaged(cause);
    assertThat(count("quorate_damage_found_total")).isEqualTo(1);
    assertThat(beyondPeers).isEmpty();
  }
}
