package org.quorate.node;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.ForkError;
import org.quorate.consensus.JournalRecord;
import org.quorate.consensus.message.MessageCodec;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.FaultProof;
import org.quorate.ledger.proof.Fork;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignedStatement;
import org.quorate.monitoring.NodeMetrics;
import org.quorate.node.evidence.EvidenceEntry;
import org.quorate.node.evidence.EvidenceStore;
import org.quorate.node.evidence.NewViewArchive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the replica finds into evidence that anyone can check, tells people of it, and has it
 * stored off the replica's thread. Each piece is logged and counted once, however often it comes.
 *
 * <p>A disk that does not take evidence is told of and does not stop the node: a validator that
 * stops because others misbehave would help them. The journal's failures stop it.
 */
final class EvidenceKeeper implements EvidenceSink {
  private static final Logger log = LoggerFactory.getLogger(EvidenceKeeper.class);

  private final ChainSpec chain;
  private final EvidenceStore store;
  private final NewViewArchive newViews;
  private final Queue<ByteString> unwritten = new ConcurrentLinkedQueue<>();
  private final Executor disk;
  private final NodeMetrics metrics;

  /**
   * @param disk where files are written; must not refuse
   */
  EvidenceKeeper(
      ChainSpec chain,
      EvidenceStore store,
      NewViewArchive newViews,
      Executor disk,
      NodeMetrics metrics) {
    this.chain = chain;
    this.store = store;
    this.newViews = newViews;
    this.disk = disk;
    this.metrics = metrics;
  }

  /** Before the replica begins: what is stored counts, and the journal's NEW-VIEW is kept. */
  void recover(List<JournalRecord> recovered) {
    for (EvidenceEntry entry : store.after("", Integer.MAX_VALUE)) {
      metrics.evidenceFound(entry.kind().slug());
      log.warn("there is evidence against {}: {}", names(entry.accused()), entry.name());
    }
    for (String name : store.unreadable()) {
      log.warn("{} in the evidence folder is no evidence and is left alone", name);
    }
    for (JournalRecord record : recovered) {
      if (record instanceof JournalRecord.NewViewSeen seen) {
        entered(seen.message());
      }
    }
  }

  @Override
  public void found(Evidence evidence) {
    FaultProof proof = evidence.contradiction(chain.chainHash());
    if (store.claim(proof)) {
      report(proof);
      disk.execute(() -> write(proof));
    }
  }

  private void report(FaultProof proof) {
    log.warn(
        "{} proven faulty: {}. The proof is served by GET /api/v1/evidence/{}",
        names(List.copyOf(proof.accused())),
        proof.kind().slug(),
        proof.name());
    metrics.evidenceFound(proof.kind().slug());
  }

  private List<String> names(List<ReplicaId> replicas) {
    return replicas.stream().map(replica -> chain.validators().validator(replica).name()).toList();
  }

  private void write(FaultProof proof) {
    try {
      store.write(proof);
    } catch (IOException e) {
      log.error("the evidence {} cannot be written", proof.name(), e);
    }
  }

  @Override
  public void entered(ByteString newView) {
    unwritten.add(newView);
    disk.execute(this::keepNewViews);
  }

  private synchronized void keepNewViews() {
    for (ByteString next = unwritten.poll(); next != null; next = unwritten.poll()) {
      try {
        newViews.keep(MessageCodec.newViewStatement(next.bytes()));
      } catch (IOException | MalformedException e) {
        log.error("a NEW-VIEW cannot be kept", e);
      }
    }
  }

  @Override
  public void forked(ForkError error) {
    keepNewViews();
    Fork fork = fork(error);
    if (store.claim(fork)) {
      report(fork);
      write(fork);
    }
  }

  /** With one VIEW-CHANGE of each signer of the lower view's certificate that forgot it. */
  private Fork fork(ForkError error) {
    Fork bare = Fork.of(chain.chainHash(), error.first(), error.second(), error.links(), List.of());
    QuorumCertificate first = bare.first();
    if (first.vote().view() == bare.second().vote().view()) {
      return bare;
    }
    TreeMap<ReplicaId, SignedStatement> forgot = new TreeMap<>();
    try {
      for (SignedStatement viewChange : newViews.viewChangesAbove(first.vote().view())) {
        if (Fork.incriminates(first, viewChange)) {
          forgot.putIfAbsent(viewChange.signer(), viewChange);
        }
      }
    } catch (IOException | MalformedException e) {
      log.error("the NEW-VIEWs that were kept cannot be read", e);
    }
    return new Fork(
        chain.chainHash(), first, bare.second(), bare.links(), List.copyOf(forgot.values()));
  }
}
