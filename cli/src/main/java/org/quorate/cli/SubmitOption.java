package org.quorate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.quorate.cli.client.NoAnswerException;
import org.quorate.cli.client.NonceFile;
import org.quorate.cli.client.QuorateClient;
import org.quorate.cli.client.Submission;
import org.quorate.genesis.GenesisException;
import org.quorate.genesis.KeyFileException;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.chain.TransactionRules;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.Client;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signing, submitting and telling what became of it: the part that the tx commands share. */
public final class SubmitOption {
  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private NetworkOption network;

  @Option(
      names = "--no-wait",
      negatable = true,
      description = {
        "--wait, the default: end when there is a proof that holds, that is a quorum's commit"
            + " certificate, f+1 signatures on the result, and the transaction and its receipt"
            + " under their roots. One node may hand it over; if it does not answer, or lies, the"
            + " next is asked with the same bytes, which is always safe.",
        "--no-wait: print the transaction's hash as soon as f+1 nodes have taken it, one of which"
            + " is correct."
      })
  private boolean noWait;

  /** The network it goes to. */
  NetworkOption network() {
    return network;
  }

  /** Signs operations as the client that {@code keyOption} names, with a nonce of its own. */
  Transaction sign(KeyOption keyOption, List<Operation> operations)
      throws CommandFailure, GenesisException, KeyFileException, IOException, InterruptedException {
    ChainSpec chain = network.genesis().chain();
    Path file = keyOption.file(network);
    SigningKey key = keyOption.key(network);
    checkMembership(chain, file, key, operations);
    NonceFile nonces = NonceFile.beside(file);
    long nonce;
    try {
      QuorateClient client = network.client();
      nonce = nonces.reserve(1, () -> client.highestNonce(key.publicKey()));
    } catch (NoAnswerException e) {
      throw NetworkOption.unanswered(e);
    }
    return Transaction.sign(key, chain.chainHash(), nonce, operations);
  }

  private static void checkMembership(
      ChainSpec chain, Path file, SigningKey key, List<Operation> operations)
      throws CommandFailure {
    Client client =
        chain
            .clients()
            .client(key.publicKey())
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.MISMATCH,
                        "the key in %s is none of the genesis file's clients; its public key is %s"
                            .formatted(file, key.publicKey())));
    for (Operation operation : operations) {
      if (operation instanceof Operation.Write write && !client.mayWrite(write.key())) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "the client %s may not write %s; the genesis file lets it write keys that begin with %s"
                .formatted(
                    client.name(),
                    BytesText.of(write.key()),
                    String.join(
                        " or ", client.writePrefixes().stream().map(BytesText::of).toList())));
      }
    }
  }

  /** Submits, prints the outcome and returns the exit code. */
  int submit(Transaction transaction, OutputOption output)
      throws CommandFailure, GenesisException, InterruptedException {
    QuorateClient client = network.client();
    checkRules(client.chain(), transaction);
    Submission submission =
        noWait
            ? client.handOver(transaction, network.timeout())
            : client.submit(transaction, network.timeout());
    if (submission instanceof Submission.Proven proven) {
      ProofReport report = new ProofReport(client.chain(), proven.proof());
      output.print(report.receiptText(), report.json().put("from", proven.from().name()));
      if (!report.executed()) {
        output.note("The transaction is in the chain, but " + report.outcome() + ".");
        return ExitCode.FAILED.status();
      }
      return ExitCode.OK.status();
    }
    if (submission instanceof Submission.Taken) {
      String hash = transaction.hash().hex();
      output.print(
          hash, JsonNodeFactory.instance.objectNode().put("hash", hash).put("status", "pending"));
      return ExitCode.OK.status();
    }
    if (submission instanceof Submission.Refused refused) {
      throw refused(refused);
    }
    Submission.Unproven unproven = (Submission.Unproven) submission;
    throw NetworkOption.unanswered(
        "the transaction "
            + transaction.hash()
            + " is not proven; it may still be executed, see: quorate tx get "
            + transaction.hash(),
        unproven.reached(),
        unproven.reports());
  }

  private static void checkRules(ChainSpec chain, Transaction transaction) throws CommandFailure {
    var fault = new TransactionRules(chain, SignatureVerifier.ED25519).check(transaction);
    if (fault.isEmpty()) {
      return;
    }
    throw switch (fault.get()) {
      case TOO_LARGE ->
          new CommandFailure(
              ExitCode.FAILED,
              "the transaction has %d bytes, the chain allows %d (transaction_bytes_max)"
                  .formatted(transaction.size(), chain.parameters().transactionBytesMax()));
      case WRONG_CHAIN ->
          new CommandFailure(
              ExitCode.MISMATCH,
              "the transaction was signed for the chain %s, the genesis file's is %s"
                  .formatted(transaction.chainHash(), chain.chainHash()));
      case UNKNOWN_CLIENT ->
          new CommandFailure(
              ExitCode.MISMATCH,
              "the transaction was signed by %s, who is none of the genesis file's clients"
                  .formatted(transaction.client()));
      case FORBIDDEN_PREFIX ->
          new CommandFailure(
              ExitCode.FAILED, "the transaction writes a key that its client may not write");
      case BAD_SIGNATURE ->
          new CommandFailure(ExitCode.FAILED, "the transaction's signature is not its client's");
    };
  }

  private static CommandFailure refused(Submission.Refused refused) {
    String by = String.join(", ", refused.by().stream().map(node -> node.name()).toList());
    String remedy =
        refused.problem().isStaleNonce()
            ? "\nThe nonce was used by another transaction, perhaps on another machine. Remove the"
                + " key's file *.nonce, and the next command asks the network where to go on."
            : "";
    return new CommandFailure(
        refused.problem().isOtherChain() ? ExitCode.MISMATCH : ExitCode.FAILED,
        by + " refuse the transaction: " + refused.problem() + remedy);
  }
}
