package org.quorate.ledger.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Hasher;

/**
 * As much of a state tree as shows what it has at some paths: from the root down to each of them,
 * and beside the way the roots of what is not shown.
 *
 * <pre>
 * tree(no path)  = fixed[32] root of a subtree to which none of the paths leads
 * tree(paths)    = 0x00                                               no leaf: all are absent
 *                | 0x01 ‖ fixed[32] path ‖ fixed[32] value digest     the only leaf, at none of the paths
 *                | 0x02                                               the only leaf, at the one path that has a value
 *                | 0x03 ‖ tree(paths with next bit 0) ‖ tree(paths with next bit 1)
 * </pre>
 *
 * For given paths a tree is shown in exactly one way.
 */
public final class StatePath {
  /** The first byte of a subtree to which paths lead. */
  public static final int EMPTY = 0;

  /** The same. */
  public static final int OTHER_LEAF = 1;

  /** The same. */
  public static final int LEAF = 2;

  /** The same. */
  public static final int INNER = 3;

  private static final int PATH_BITS = 8 * Digest.BYTES;

  private final Decoder in;
  private final Hasher hasher = new Hasher();

  private StatePath(Decoder in) {
    this.in = in;
  }

  /** The leaf that a tree has at a path, or that it has none there. */
  private record Claim(Digest path, Optional<Digest> value) {}

  /**
   * The root of the tree that {@code shown} shows, if it has these values at these paths.
   *
   * @param values digests of the values by path, none where the tree has no leaf
   * @throws MalformedException if it does not show that these values are there, or more than that
   */
  public static Digest root(ByteString shown, SortedMap<Digest, Optional<Digest>> values)
      throws MalformedException {
    List<Claim> claims = new ArrayList<>();
    for (Map.Entry<Digest, Optional<Digest>> value : values.entrySet()) {
      claims.add(new Claim(value.getKey(), value.getValue()));
    }
    return Decoder.decode(shown.bytes(), in -> new StatePath(in).root(claims, 0));
  }

  private Digest root(List<Claim> claims, int depth) throws MalformedException {
    if (claims.isEmpty()) {
      return digest();
    }
    int kind = in.u8();
    return switch (kind) {
      case EMPTY -> {
        checkAbsent(claims);
        yield Digest.ZERO;
      }
      case OTHER_LEAF -> otherLeaf(claims, depth);
      case LEAF -> leaf(claims);
      case INNER -> inner(claims, depth);
      default -> throw new MalformedException("no part of a state path has the kind " + kind);
    };
  }

  private static void checkAbsent(List<Claim> claims) throws MalformedException {
    for (Claim claim : claims) {
      if (claim.value().isPresent()) {
        throw new MalformedException("the state path shows no value at " + claim.path());
      }
    }
  }

  private Digest otherLeaf(List<Claim> claims, int depth) throws MalformedException {
    checkAbsent(claims);
    Digest path = digest();
    Digest value = digest();
    for (Claim claim : claims) {
      if (claim.path().equals(path)) {
        throw new MalformedException("the state path shows a value at " + path);
      }
    }
    for (int bit = 0; bit < depth; bit++) {
      if (path.bit(bit) != claims.get(0).path().bit(bit)) {
        throw new MalformedException("the state path shows a leaf where it cannot be");
      }
    }
    return hasher.add(0).add(path).add(value).digest();
  }

  private Digest leaf(List<Claim> claims) throws MalformedException {
    List<Claim> present = claims.stream().filter(claim -> claim.value().isPresent()).toList();
    if (present.size() != 1) {
      throw new MalformedException(
          "the state path shows one leaf where " + present.size() + " values are claimed");
    }
    Claim claim = present.get(0);
    return hasher.add(0).add(claim.path()).add(claim.value().orElseThrow()).digest();
  }

  private Digest inner(List<Claim> claims, int depth) throws MalformedException {
    if (depth == PATH_BITS) {
      throw new MalformedException("the state path is longer than the path of a key");
    }
    int middle = 0;
    while (middle < claims.size() && !claims.get(middle).path().bit(depth)) {
      middle++;
    }
    Digest left = root(claims.subList(0, middle), depth + 1);
    Digest right = root(claims.subList(middle, claims.size()), depth + 1);
    return hasher.add(1).add(left).add(right).digest();
  }

  private Digest digest() throws MalformedException {
    return Digest.of(in.fixed(Digest.BYTES));
  }
}
