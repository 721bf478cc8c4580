package org.quorate.consensus.message;

import java.util.List;
import java.util.Optional;
import org.quorate.consensus.message.RejectedException.Reason;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.membership.ValidatorSet;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.Verdict;

/**
 * The only maker of {@link Signed} and {@link Authenticated}: signs what this replica says, and
 * checks what others say before the replica sees it. Pure if its parts are; safe for use by any
 * thread.
 */
public final class MessageAuthenticator {
  private final ReplicaId self;
  private final Signer signer;
  private final ValidatorSet validators;
  private final Digest chainHash;
  private final ChainParameters limits;
  private final SignatureVerifier verifier;
  private final BlockCheck transactionsOf;

  /** Signs bytes with this replica's key. */
  @FunctionalInterface
  public interface Signer {
    Signature sign(byte[] message);
  }

  /**
   * Whether every transaction of a proposed block satisfies {@link
   * org.quorate.ledger.chain.TransactionRules}.
   */
  @FunctionalInterface
  public interface BlockCheck {
    boolean holds(Block block);
  }

  public MessageAuthenticator(
      ReplicaId self,
      Signer signer,
      ChainSpec spec,
      SignatureVerifier verifier,
      BlockCheck transactionsOf) {
    this.self = self;
    this.signer = signer;
    this.validators = spec.validators();
    this.chainHash = spec.chainHash();
    this.limits = spec.parameters();
    this.verifier = verifier;
    this.transactionsOf = transactionsOf;
  }

  /** Signs {@code content} as this replica. */
  public <C extends Signable> Signed<C> sign(C content) {
    return new Signed<>(content, self, signer.sign(content.signedBytes(chainHash)));
  }

  /**
   * Opens the bytes that came over the link of {@code from}.
   *
   * @throws RejectedException if they are not a message, or a signature, certificate or proposed
   *     transaction in it is not valid
   */
  public Authenticated open(ReplicaId from, byte[] bytes) throws RejectedException {
    try {
      Message message = MessageCodec.decodeUnchecked(bytes);
      check(message);
      return new Authenticated(from, message);
    } catch (MalformedException e) {
      throw new RejectedException(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void check(Message message) throws RejectedException {
    if (message instanceof Signed<?> signed) {
      checkSignature(signed);
      checkContent(signed.content());
    } else if (message instanceof Transfer transfer) {
      checkTransfer(transfer);
    }
  }

  private void checkSignature(Signed<?> signed) throws RejectedException {
    if (!validators.contains(signed.signer())) {
      throw new RejectedException(Reason.FOREIGN_SIGNER, signed.signer() + " is not a validator");
    }
    byte[] bytes = signed.content().signedBytes(chainHash);
    if (!verifier.verify(
        validators.validator(signed.signer()).publicKey(), bytes, signed.signature())) {
      throw new RejectedException(Reason.BAD_SIGNATURE, "the signature of " + signed);
    }
  }

  private void checkContent(Signable content) throws RejectedException {
    if (content instanceof PrePrepare prePrepare) {
      Block block = prePrepare.block();
      // Proposals are held before their parents are there, a window of them.
      if (!block.fits(limits)) {
        throw new RejectedException(Reason.BAD_SIZE, "the size of " + block);
      }
      if (!block.chainHash().equals(chainHash) || !transactionsOf.holds(block)) {
        throw new RejectedException(Reason.BAD_TRANSACTION, "a transaction of " + block);
      }
    } else if (content instanceof ViewChange viewChange) {
      checkStable(viewChange.stable());
      if (viewChange.highestPrepared().isPresent()) {
        checkQuorum(viewChange.highestPrepared().get());
      }
    } else if (content instanceof NewView newView) {
      for (Signed<ViewChange> viewChange : newView.viewChanges()) {
        check(viewChange);
      }
    }
  }

  private void checkTransfer(Transfer transfer) throws RejectedException {
    if (transfer instanceof Transfer.StableCheckpoint stable) {
      checkStable(Optional.of(stable.certificate()));
    } else if (transfer instanceof Transfer.CommittedBlocks committed) {
      for (Transfer.CommittedBlocks.Item item : committed.items()) {
        checkChain(List.of(item.block().block()));
        checkQuorum(item.block().commit());
        if (item.checkpoint().isPresent()) {
          valid(item.checkpoint().get().checkProven(validators, chainHash, verifier));
        }
      }
    } else if (transfer instanceof Transfer.ProposedBlocks proposed) {
      checkChain(proposed.blocks());
    } else if (transfer instanceof Transfer.Testimony testimony) {
      checkAll(testimony.prepare());
      checkAll(testimony.commit());
      checkAll(testimony.viewChange());
    }
  }

  private void checkAll(Optional<? extends Signed<?>> signed) throws RejectedException {
    if (signed.isPresent()) {
      check(signed.get());
    }
  }

  private void checkChain(List<Block> blocks) throws RejectedException {
    for (Block block : blocks) {
      if (!block.chainHash().equals(chainHash)) {
        throw new RejectedException(Reason.MALFORMED, block + " is of another chain");
      }
    }
  }

  private void checkQuorum(QuorumCertificate certificate) throws RejectedException {
    valid(certificate.check(validators, chainHash, verifier));
  }

  private void checkStable(Optional<CheckpointCertificate> certificate) throws RejectedException {
    if (certificate.isPresent()) {
      valid(certificate.get().checkStable(validators, chainHash, verifier));
    }
  }

  private static void valid(Verdict verdict) throws RejectedException {
    if (verdict instanceof Verdict.Invalid invalid) {
      throw new RejectedException(
          Reason.BAD_CERTIFICATE, invalid.fault() + ": " + invalid.detail());
    }
  }
}
