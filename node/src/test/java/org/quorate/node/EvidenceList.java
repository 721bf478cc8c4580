package org.quorate.node;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.quorate.consensus.Evidence;
import org.quorate.consensus.ForkError;
import org.quorate.ledger.codec.ByteString;

/** Keeps what the replica finds in lists alone. */
final class EvidenceList implements EvidenceSink {
  final BlockingQueue<Evidence> found = new LinkedBlockingQueue<>();
  final BlockingQueue<ByteString> newViews = new LinkedBlockingQueue<>();
  final BlockingQueue<ForkError> forks = new LinkedBlockingQueue<>();

  @Override
  public void found(Evidence evidence) {
    found.add(evidence);
  }

  @Override
  public void entered(ByteString newView) {
    newViews.add(newView);
  }

  @Override
  public void forked(ForkError fork) {
    forks.add(fork);
  }
}
