package org.quorate.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.quorate.cli.client.Answer;
import org.quorate.cli.client.NodeClient;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.Verdict;

/**
 * A client that submits one transaction after the other to nodes drawn at random, with the same
 * bytes again until it holds a proof, which it checks against the genesis alone.
 *
 * <p>A steady client requires in each transaction that its last one took effect, so one that was
 * lost, repeated or moved makes the next fail. A fickle one walks away from some of its own.
 */
final class ChaosClient implements Runnable {
  static final ByteString TOTAL = ByteString.utf8("shared/total");

  private static final Duration PROOF_WAIT = Duration.ofSeconds(2);
  private static final int THINK_MILLIS_MAX = 60;
  private static final int PERCENT_LEFT = 30;

  private final String name;
  private final boolean steady;
  private final SigningKey key;
  private final ChainSpec chain;
  private final List<NodeClient> nodes;
  private final History history;
  private final ChaosLog log;
  private final BooleanSupplier open;
  private final LightClient lightClient;
  private final Random random;
  private long submitted;

  /**
   * @param open whether to begin another transaction
   */
  ChaosClient(
      String name,
      SigningKey key,
      ChainSpec chain,
      List<NodeClient> nodes,
      History history,
      ChaosLog log,
      BooleanSupplier open,
      long seed) {
    this.name = name;
    this.steady = name.startsWith("steady");
    this.key = key;
    this.chain = chain;
    this.nodes = nodes;
    this.history = history;
    this.log = log;
    this.open = open;
    this.lightClient = new LightClient(chain, SignatureVerifier.ED25519);
    this.random = new Random(seed);
  }

  @Override
  public void run() {
    try {
      while (open.getAsBoolean()) {
        next();
        Thread.sleep(random.nextInt(THINK_MILLIS_MAX));
      }
    } catch (InterruptedException e) {
      log.violation(name + " has waited in vain for its last transaction");
    } catch (RuntimeException | Error e) {
      log.violation(name + " failed: " + e);
    }
  }

  private void next() throws InterruptedException {
    Transaction transaction = transaction();
    Attempt attempt = new Attempt(name, transaction.hash(), steady, log.nanos(), Optional.empty());
    history.submitted(attempt);
    int patience = !steady && random.nextInt(100) < PERCENT_LEFT ? 1 : Integer.MAX_VALUE;
    for (int tries = 0; tries < patience; tries++) {
      NodeClient node = nodes.get(random.nextInt(nodes.size()));
      if (!takes(node, transaction)) {
        continue;
      }
      if (patience == 1) {
        break;
      }
      Optional<TransactionProof> proof = proof(node, transaction.hash());
      if (proof.isPresent()) {
        history.acknowledged(attempt, acknowledgement(proof.get()));
        return;
      }
    }
    history.walkedAway(attempt, log.nanos());
  }

  private Transaction transaction() {
    ByteString last = ByteString.utf8(name + "/last");
    Optional<ByteString> before =
        submitted == 0 ? Optional.empty() : Optional.of(ByteString.utf8("" + submitted));
    submitted++;
    List<Operation> operations = new ArrayList<>();
    if (steady) {
      operations.add(new Operation.Require(last, before));
      operations.add(new Operation.Put(last, ByteString.utf8("" + submitted)));
    } else {
      ByteString own = ByteString.utf8(name + "/" + submitted);
      operations.add(new Operation.Require(own, Optional.empty()));
      operations.add(new Operation.Put(own, ByteString.utf8("here")));
    }
    operations.add(new Operation.Add(TOTAL, 1));
    return Transaction.sign(key, chain.chainHash(), submitted, operations);
  }

  private boolean takes(NodeClient node, Transaction transaction) throws InterruptedException {
    Answer<Digest> answer = node.submit(transaction);
    if (answer instanceof Answer.Given<Digest>) {
      return true;
    }
    if (answer instanceof Answer.Refused<Digest> refused && !refused.problem().isLoad()) {
      log.violation(
          "%s refused %s of %s: %s"
              .formatted(node.node().name(), transaction.hash(), name, refused.problem()));
    }
    if (answer instanceof Answer.Failed<Digest>) {
      Thread.sleep(random.nextInt(THINK_MILLIS_MAX)); // a dead node answers at once
    }
    return false;
  }

  private Optional<TransactionProof> proof(NodeClient node, Digest hash)
      throws InterruptedException {
    if (!(node.proof(hash, PROOF_WAIT) instanceof Answer.Given<TransactionProof> given)) {
      return Optional.empty();
    }
    TransactionProof proof = given.value();
    if (!proof.transaction().hash().equals(hash)
        || lightClient.check(proof) instanceof Verdict.Invalid) {
      log.violation("%s gave a proof of %s that does not hold".formatted(node.node(), hash));
      return Optional.empty();
    }
    return Optional.of(proof);
  }

  private Acknowledgement acknowledgement(TransactionProof proof) {
    return new Acknowledgement(
        log.nanos(), proof.header().height(), proof.index(), proof.receipt().outcome());
  }
}
