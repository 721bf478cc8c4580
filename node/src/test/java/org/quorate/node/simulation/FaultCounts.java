package org.quorate.node.simulation;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.quorate.ledger.proof.EvidenceKind;

/** How often what went wrong, and what was proven of it. */
final class FaultCounts {
  private final EnumMap<Fault, Long> faults = new EnumMap<>(Fault.class);
  private final TreeMap<Misconduct, Long> misconduct =
      new TreeMap<>(Comparator.comparing(Misconduct::word));
  private final EnumMap<EvidenceKind, Long> evidence = new EnumMap<>(EvidenceKind.class);

  void count(Fault fault) {
    faults.merge(fault, 1L, Long::sum);
  }

  /** A faulty replica said something else than a correct one would. */
  void count(Misconduct kind) {
    misconduct.merge(kind, 1L, Long::sum);
    count(Fault.MISCONDUCT);
  }

  /** A correct replica proved another faulty, in that way. */
  void count(EvidenceKind kind) {
    evidence.merge(kind, 1L, Long::sum);
  }

  void addAll(FaultCounts other) {
    other.faults.forEach((fault, count) -> faults.merge(fault, count, Long::sum));
    other.misconduct.forEach((kind, count) -> misconduct.merge(kind, count, Long::sum));
    other.evidence.forEach((kind, count) -> evidence.merge(kind, count, Long::sum));
  }

  long of(Fault fault) {
    return faults.getOrDefault(fault, 0L);
  }

  long of(Misconduct kind) {
    return misconduct.getOrDefault(kind, 0L);
  }

  long of(EvidenceKind kind) {
    return evidence.getOrDefault(kind, 0L);
  }

  /** By name, for people. */
  Map<String, Long> byName() {
    TreeMap<String, Long> all = new TreeMap<>();
    faults.forEach((fault, count) -> all.put(fault.word(), count));
    misconduct.forEach((kind, count) -> all.put("misconduct " + kind.word(), count));
    evidence.forEach((kind, count) -> all.put("evidence " + kind.slug(), count));
    return all;
  }

  @Override
  public String toString() {
    return byName().toString();
  }
}
