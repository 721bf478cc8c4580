package org.quorate.node.simulation;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.quorate.consensus.message.Message;
import org.quorate.consensus.message.Transfer.Testimony;
import org.quorate.ledger.membership.ReplicaId;

/**
 * Answers those who begin, and ask what they may have forgotten, with lies: that they said nothing,
 * that they are far ahead, what it told them long ago or tells another, under the number of another
 * question, one thing and then the other, or nothing at all; and now and then as it should.
 */
final class Perjurer implements Conduct {
  private final SimulatedNode node;
  private final SplittableRandom random;

  /** The first true answer that it had for each. */
  private final TreeMap<ReplicaId, Testimony> first = new TreeMap<>();

  /** The last true answer that it had for anybody. */
  private Optional<Testimony> last = Optional.empty();

  Perjurer(SimulatedNode node) {
    this.node = node;
    this.random = node.random();
  }

  @Override
  public List<Message> say(ReplicaId to, Message message) {
    return message instanceof Testimony truth ? answers(to, truth) : List.of(message);
  }

  private List<Message> answers(ReplicaId to, Testimony truth) {
    Testimony early = first.computeIfAbsent(to, any -> truth);
    Testimony before = last.orElse(truth);
    last = Optional.of(truth);
    return switch (random.nextInt(10)) {
      case 0 -> List.of();
      case 1 -> List.of(nothing(truth));
      case 2 -> List.of(standing(truth, 0, 0));
      case 3 -> List.of(tooHigh(truth));
      case 4 -> List.of(early);
      case 5 -> List.of(numbered(early, truth.number()));
      case 6 -> List.of(numbered(before, truth.number()));
      case 7 -> List.of(numbered(truth, random.nextLong(Long.MAX_VALUE)));
      case 8 ->
          random.nextBoolean()
              ? List.of(nothing(truth), tooHigh(truth))
              : List.of(tooHigh(truth), nothing(truth));
      default -> List.of(truth);
    };
  }

  private static Testimony nothing(Testimony truth) {
    return new Testimony(
        truth.number(), 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Just above what can be, just below that, or beyond everything. */
  private Testimony tooHigh(Testimony truth) {
    int views = 2 * node.chain().spec().validators().n();
    int heights = 2 * node.chain().spec().parameters().windowBlocks();
    return switch (random.nextInt(4)) {
      case 0 -> standing(truth, Long.MAX_VALUE, truth.height());
      case 1 -> standing(truth, truth.view(), Long.MAX_VALUE);
      case 2 -> standing(truth, truth.view() + 1 + random.nextInt(views), truth.height());
      default ->
          standing(
              truth,
              truth.view() + random.nextInt(views),
              truth.height() + 1 + random.nextInt(heights));
    };
  }

  private static Testimony standing(Testimony of, long view, long height) {
    return new Testimony(of.number(), view, height, of.prepare(), of.commit(), of.viewChange());
  }

  private static Testimony numbered(Testimony of, long number) {
    return new Testimony(
        number, of.view(), of.height(), of.prepare(), of.commit(), of.viewChange());
  }
}
