package org.quorate.node.mempool;

import java.util.Optional;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.chain.TransactionRules.Fault;

/**
 * {@link TransactionRules}, with a memory for what has passed: a transaction is verified once in
 * this node, by whichever way it comes first. The rules depend on the genesis alone and the hash
 * covers every byte, signature included, so a remembered verdict stays true. Failures are not
 * remembered. Safe for use by any thread.
 */
final class TransactionChecker {
  private final TransactionRules rules;
  private final VerifiedHashes verified;

  TransactionChecker(TransactionRules rules, int hashesMax) {
    this.rules = rules;
    this.verified = new VerifiedHashes(hashesMax);
  }

  Optional<Fault> check(Transaction transaction) {
    if (isVerified(transaction)) {
      return Optional.empty();
    }
    Optional<Fault> fault = rules.check(transaction);
    if (fault.isEmpty()) {
      verified.add(transaction.hash());
    }
    return fault;
  }

  boolean isVerified(Transaction transaction) {
    return verified.contains(transaction.hash());
  }

  Optional<Fault> checkUnsigned(Transaction transaction) {
    return rules.checkUnsigned(transaction);
  }
}
