package org.quorate.node;

import java.util.Optional;
import org.quorate.consensus.RecoveryStatus;
import org.quorate.consensus.RecoveryStatus.Phase;
import org.quorate.monitoring.NodeMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people why a replica does not vote, as far as its memory goes (PROTOCOL.md, a replica that
 * forgot), and when it does again. Called by the replica's thread.
 */
final class RecoveryReport {
  private static final Logger log = LoggerFactory.getLogger(RecoveryReport.class);

  private final NodeMetrics metrics;

  RecoveryReport(NodeMetrics metrics) {
    this.metrics = metrics;
  }

  /** The replica begins, or this has changed. */
  void changed(RecoveryStatus status) {
    metrics.forgot(status.phase() == Phase.FORGOT || status.phase() == Phase.TOLD);
    switch (status.phase()) {
      case ASKING -> log.info("asking the other validators what they have seen of this one");
      case FORGOT ->
          log.warn(
              "this validator has forgotten what it signed: its data folder is new or older than"
                  + " that, or its key is in use elsewhere. It will not vote until the others have"
                  + " told it how far that went. If it is new, and has never signed anything on this"
                  + " chain, stop it, remove its data folder, and run: quorate node init");
      case TOLD ->
          log.warn(
              "this validator will not vote until a checkpoint at height {} or above is stable, and"
                  + " in no view up to {}",
              status.untilHeight(),
              status.silentThroughView());
      case VOTING -> {
        if (status.silentThroughView() >= 0) {
          log.info("this validator votes again, above view {}", status.silentThroughView());
        } else {
          log.info("no other validator knows of anything that this one has forgotten: it votes");
        }
      }
    }
  }

  /** Why a node whose replica is there is not ready; empty if that is no reason. */
  static Optional<String> hindrance(RecoveryStatus status) {
    return switch (status.phase()) {
      case ASKING -> Optional.of("asking the other validators what they have seen of this one");
      case FORGOT ->
          Optional.of(
              "this validator has forgotten what it signed and does not vote until the others have"
                  + " told it; if it has never signed anything on this chain, stop it, remove its"
                  + " data folder and run quorate node init");
      case TOLD ->
          Optional.of(
              "this validator has forgotten what it signed and does not vote until a checkpoint at"
                  + " height "
                  + status.untilHeight()
                  + " is stable");
      case VOTING -> Optional.empty();
    };
  }
}
