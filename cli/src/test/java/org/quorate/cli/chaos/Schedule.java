package org.quorate.cli.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What goes wrong and when: a function of the seed. Kinds of faults are dealt like cards, so that a
 * short run sees each of them too. Owned by one thread.
 */
final class Schedule {
  private static final int PAUSE_MILLIS_MIN = 2_500;
  private static final int PAUSE_MILLIS_MAX = 9_000;
  private static final int DELAY_MILLIS_MAX = 400;
  private static final int JITTER_MILLIS_MAX = 100;

  /** Long enough at times for a silent link to be given up (15 s), too. */
  private static final int HOLD_MILLIS_MIN = 1_000;

  private static final int HOLD_MILLIS_MAX = 18_000;
  private static final int CALM_MILLIS_MAX = 2_000;
  private static final int APART_MILLIS_MAX = 1_000;
  private static final int PERCENT_OF_TWO_FAULTS = 35;

  private final Random random;
  private final int nodes;
  private final List<Supplier<Fault>> kinds;
  private final Deque<Supplier<Fault>> deck = new ArrayDeque<>();
  private int number;

  Schedule(long seed, int nodes) {
    this.random = new Random(seed);
    this.nodes = nodes;
    this.kinds =
        List.of(
            () -> new Fault.Kill(anyNode()),
            () -> new Fault.Kill(Fault.Victim.primary()),
            Fault.KillAll::new,
            () -> new Fault.Pause(anyNode(), between(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX)),
            () ->
                new Fault.Pause(
                    Fault.Victim.primary(), between(PAUSE_MILLIS_MIN, PAUSE_MILLIS_MAX)),
            () -> new Fault.FullDisk(anyNode()),
            () -> new Fault.Isolate(anyNode(), anyCut()),
            () -> new Fault.Isolate(Fault.Victim.primary(), anyCut()),
            () -> new Fault.Mute(Fault.Victim.primary()),
            () -> new Fault.Split(half(), anyCut()),
            this::storm,
            () -> new Fault.Throttle(anyNode(), between(2_000, 40_000)),
            () -> new Fault.Garble(between(20, 200)));
  }

  Episode next() {
    number++;
    List<Fault> faults = new ArrayList<>();
    faults.add(deal());
    if (random.nextInt(100) < PERCENT_OF_TWO_FAULTS) {
      faults.add(deal());
    }
    return new Episode(
        number,
        faults,
        random.nextInt(APART_MILLIS_MAX),
        between(HOLD_MILLIS_MIN, HOLD_MILLIS_MAX),
        random.nextInt(CALM_MILLIS_MAX));
  }

  private Fault deal() {
    if (deck.isEmpty()) {
      List<Supplier<Fault>> shuffled = new ArrayList<>(kinds);
      Collections.shuffle(shuffled, random);
      deck.addAll(shuffled);
    }
    return deck.remove().get();
  }

  private int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private Fault.Victim anyNode() {
    return new Fault.Victim(random.nextInt(nodes));
  }

  private LinkWeather.Reach anyCut() {
    List<LinkWeather.Reach> cuts =
        List.of(LinkWeather.Reach.REFUSED, LinkWeather.Reach.RESET, LinkWeather.Reach.SILENT);
    return cuts.get(random.nextInt(cuts.size()));
  }

  private List<Integer> half() {
    List<Integer> all = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
    Collections.shuffle(all, random);
    return all.subList(0, nodes / 2);
  }

  private Fault storm() {
    List<Integer> delaysMillis =
        IntStream.range(0, nodes * nodes)
            .mapToObj(pair -> random.nextInt(DELAY_MILLIS_MAX))
            .toList();
    return new Fault.Storm(delaysMillis, 1 + random.nextInt(JITTER_MILLIS_MAX));
  }
}
