package org.quorate.ledger.snapshot;

import java.util.List;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedHeader;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.Verdict;
import org.quorate.ledger.state.StateChunks;
import org.quorate.ledger.state.Subtree;

/**
 * What a snapshot is of, what proves it, and of which chunks it consists.
 *
 * <pre>
 * manifest = u16 format(1) ‖ hash chain_hash ‖ committed_header ‖ checkpoint_certificate ‖ list(subtree)
 * </pre>
 *
 * Two nodes that hold a snapshot of one height have the same chunks; the certificates may differ.
 *
 * @param certificate of f+1 or more, for the header's block
 * @param chunks the cut of the state (see {@link StateChunks}), one chunk for each subtree
 */
public record Manifest(
    Digest chainHash,
    CommittedHeader header,
    CheckpointCertificate certificate,
    List<Subtree> chunks)
    implements Encodable {
  /** Most chunks: a state of about 100 GiB. */
  public static final int CHUNKS_MAX = 1 << 17;

  /** Most bytes of an encoded manifest. */
  public static final int BYTES_MAX = 10 << 20;

  private static final int FORMAT = 1;

  public Manifest {
    chunks = List.copyOf(chunks);
  }

  /** The height of the block after which the state is this. */
  public long height() {
    return header.header().height();
  }

  /** The root of the state. */
  public Digest stateRoot() {
    return certificate.checkpoint().stateRoot();
  }

  /** Whether the chunks of {@code other} are the same. */
  public boolean hasChunksOf(Manifest other) {
    return chainHash.equals(other.chainHash) && chunks.equals(other.chunks);
  }

  /**
   * Whether the state of these chunks is that of {@code chain} after the block: the first of these
   * that fails, or that all hold.
   *
   * <ol>
   *   <li>It is of this chain, and the header is of this chain's validators.
   *   <li>A quorum of them signed COMMIT for the header's block.
   *   <li>f+1 of them signed a checkpoint of this block.
   *   <li>The chunks' roots are those of one whole tree, whose root is the checkpoint's.
   * </ol>
   */
  public Verdict check(ChainSpec chain, SignatureVerifier verifier) {
    if (!chainHash.equals(chain.chainHash())) {
      return Verdict.invalid(
          Verdict.Fault.WRONG_CHAIN,
          "the chain is " + chain.chainHash() + ", the snapshot's " + chainHash);
    }
    LightClient client = new LightClient(chain, verifier);
    Verdict committed = client.check(header);
    if (!committed.isValid()) {
      return committed;
    }
    Verdict proven = client.check(header.header(), certificate);
    if (!proven.isValid()) {
      return proven;
    }
    try {
      return StateChunks.root(chunks).equals(stateRoot())
          ? Verdict.valid()
          : Verdict.invalid(
              Verdict.Fault.WRONG_STATE, "the chunks are not those of the checkpoint's state");
    } catch (MalformedException e) {
      return Verdict.invalid(Verdict.Fault.WRONG_STATE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void encode(Encoder out) {
    out.u16(FORMAT).fixed(chainHash.bytes()).value(header).value(certificate).list(chunks);
  }

  /** Reads what {@link #encode} writes. */
  public static Manifest decode(Decoder in) throws MalformedException {
    int format = in.u16();
    if (format != FORMAT) {
      throw new MalformedException("a snapshot's format is " + FORMAT + ", not " + format);
    }
    return new Manifest(
        Digest.of(in.fixed(Digest.BYTES)),
        CommittedHeader.decode(in),
        CheckpointCertificate.decode(in),
        in.list(CHUNKS_MAX, Subtree::decode));
  }
}
