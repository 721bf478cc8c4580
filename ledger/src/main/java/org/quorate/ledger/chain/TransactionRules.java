package org.quorate.ledger.chain;

import java.util.Optional;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.Client;

/**
 * Whether a transaction may stand in some block of the chain: every rule that does not depend on
 * what the chain already holds. The rest, that its nonce is fresh, is {@link ReplayWindow}'s. Safe
 * for use by any thread.
 */
public final class TransactionRules {
  private final ChainSpec spec;
  private final SignatureVerifier verifier;

  public TransactionRules(ChainSpec spec, SignatureVerifier verifier) {
    this.spec = spec;
    this.verifier = verifier;
  }

  /** Why a transaction is refused. */
  public enum Fault {
    TOO_LARGE,
    WRONG_CHAIN,
    UNKNOWN_CLIENT,
    FORBIDDEN_PREFIX,
    BAD_SIGNATURE
  }

  /** The first rule that {@code transaction} breaks, cheapest first; empty if none. */
  public Optional<Fault> check(Transaction transaction) {
    return checkUnsigned(transaction)
        .or(
            () ->
                signedByItsClient(transaction)
                    ? Optional.empty()
                    : Optional.of(Fault.BAD_SIGNATURE));
  }

  /** The rules but for the signature, which costs a hundred times as much as all of these. */
  public Optional<Fault> checkUnsigned(Transaction transaction) {
    if (transaction.size() > spec.parameters().transactionBytesMax()) {
      return Optional.of(Fault.TOO_LARGE);
    }
    if (!transaction.chainHash().equals(spec.chainHash())) {
      return Optional.of(Fault.WRONG_CHAIN);
    }
    Optional<Client> client = spec.clients().client(transaction.client());
    if (client.isEmpty()) {
      return Optional.of(Fault.UNKNOWN_CLIENT);
    }
    return mayWrite(client.get(), transaction)
        ? Optional.empty()
        : Optional.of(Fault.FORBIDDEN_PREFIX);
  }

  private boolean signedByItsClient(Transaction transaction) {
    // With the genesis file's instance of the key, whose point is decoded once.
    return spec.clients()
        .client(transaction.client())
        .filter(
            client ->
                verifier.verify(
                    client.publicKey(), transaction.signedBytes(), transaction.signature()))
        .isPresent();
  }

  private static boolean mayWrite(Client client, Transaction transaction) {
    for (Operation operation : transaction.operations()) {
      if (operation instanceof Operation.Write write && !client.mayWrite(write.key())) {
        return false;
      }
    }
    return true;
  }
}
