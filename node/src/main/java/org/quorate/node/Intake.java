package org.quorate.node;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.quorate.node.mempool.AdmissionResult;
import org.quorate.node.mempool.TransactionAdmission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows when transactions were admitted: the replica hears that there is something to do,
 * and those of this node's own clients go on to the primary. Safe for use by any thread.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  private final TransactionAdmission admission;
  private final Forwarder forwarder;
  private final Runnable wakeReplica;

  /**
   * @param wakeReplica lets the replica's next turn begin soon
   */
  Intake(TransactionAdmission admission, Forwarder forwarder, Runnable wakeReplica) {
    this.admission = admission;
    this.forwarder = forwarder;
    this.wakeReplica = wakeReplica;
  }

  /** Admits what a client sent to this node. */
  CompletableFuture<List<AdmissionResult>> ofClient(List<byte[]> encoded) {
    return admission.submit(encoded).thenApply(this::clientAdmitted);
  }

  private List<AdmissionResult> clientAdmitted(List<AdmissionResult> results) {
    boolean any = false;
    for (AdmissionResult result : results) {
      if (result instanceof AdmissionResult.Accepted accepted) {
        any = true;
        forwarder.accepted(accepted.transaction());
      }
    }
    if (any) {
      wakeReplica.run();
    }
    return results;
  }

  /** Admits what a peer forwarded; {@code done} runs when that is over. */
  void ofPeer(List<byte[]> encoded, Runnable done) {
    var unused =
        admission
            .submitForwarded(encoded)
            .handle(
                (results, failure) -> {
                  done.run();
                  if (failure != null) {
                    log.debug("forwarded transactions were not admitted", failure);
                  } else if (results.stream()
                      .anyMatch(result -> result instanceof AdmissionResult.Accepted)) {
                    wakeReplica.run();
                  }
                  return results;
                });
  }
}
