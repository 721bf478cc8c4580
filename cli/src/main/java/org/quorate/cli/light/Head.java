package org.quorate.cli.light;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Domain;

/**
 * What the file {@code head} says. It alone tells which bytes of the files of hashes count.
 *
 * <pre>
 * file  = head ‖ hash SHA-256(domain(light-head) ‖ head)
 * head  = u16 format(1) ‖ hash chain_hash ‖ list(segment) ‖ optional(proven)
 * </pre>
 *
 * @param segments at least one, at most {@value #SEGMENTS_MAX}, in rising order, not overlapping;
 *     the first begins with the genesis
 * @param proven the highest block whose result is proven, if any is
 */
record Head(Digest chainHash, List<Segment> segments, Optional<ProvenHeader> proven)
    implements Encodable {
  /** Each jump makes a segment, until the heights below it are filled in. */
  static final int SEGMENTS_MAX = 64;

  /** As many segments, each with two certificates of 128 validators, and room. */
  static final int FILE_BYTES_MAX = 2 << 20;

  private static final int FORMAT = 1;
  private static final Domain DOMAIN = Domain.of("light-head");

  Head {
    segments = List.copyOf(segments);
    if (segments.isEmpty() || segments.size() > SEGMENTS_MAX || segments.get(0).first() != 0) {
      throw new IllegalArgumentException(
          "a head has 1 to " + SEGMENTS_MAX + " segments, the first from the genesis");
    }
    for (int i = 1; i < segments.size(); i++) {
      if (segments.get(i).first() <= segments.get(i - 1).end()) {
        throw new IllegalArgumentException("a segment begins above the one before");
      }
    }
  }

  /** The segment that ends highest. */
  Segment top() {
    return segments.get(segments.size() - 1);
  }

  /** The same with another segment at {@code index}, of which there is one, or one more. */
  Head with(int index, Segment segment, Optional<ProvenHeader> nowProven) {
    List<Segment> changed = new ArrayList<>(segments);
    if (index == changed.size()) {
      changed.add(segment);
    } else {
      changed.set(index, segment);
    }
    return new Head(chainHash, changed, nowProven);
  }

  /** The same with one segment instead of that at {@code index} and the next. */
  Head joined(int index, Segment segment, Optional<ProvenHeader> nowProven) {
    List<Segment> changed = new ArrayList<>(segments);
    changed.remove(index + 1);
    changed.set(index, segment);
    return new Head(chainHash, changed, nowProven);
  }

  @Override
  public void encode(Encoder out) {
    out.u16(FORMAT).fixed(chainHash.bytes()).list(segments).optional(proven);
  }

  /** The bytes of the file. */
  byte[] toFile() {
    byte[] bytes = encoded();
    return new Encoder().fixed(bytes).fixed(DOMAIN.hash(bytes).bytes()).toBytes();
  }

  /** Reads what {@link #toFile} writes. */
  static Head ofFile(byte[] file) throws MalformedException {
    int length = file.length - Digest.BYTES;
    if (length < 0 || file.length > FILE_BYTES_MAX) {
      throw new MalformedException(file.length + " bytes are too few or too many");
    }
    byte[] bytes = Arrays.copyOf(file, length);
    if (!DOMAIN.hash(bytes).equals(Digest.of(file, length))) {
      throw new MalformedException("the digest at its end is not that of its bytes");
    }
    return Decoder.decode(bytes, Head::decode);
  }

  private static Head decode(Decoder in) throws MalformedException {
    int format = in.u16();
    if (format != FORMAT) {
      throw new MalformedException("format " + format + " is not known, only " + FORMAT);
    }
    return new Head(
        Digest.of(in.fixed(Digest.BYTES)),
        in.list(SEGMENTS_MAX, Segment::decode),
        in.optional(ProvenHeader::decode));
  }
}
