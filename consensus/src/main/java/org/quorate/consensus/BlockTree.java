package org.quorate.consensus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.BlockId;
import org.quorate.ledger.chain.ReplayWindow;
import org.quorate.ledger.chain.ReplayWindow.Freshness;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;

/**
 * The last final block, its root, and the blocks proposed above it, each of which leads back to the
 * root. Keeps along every branch which nonces are used, so that "a transaction stands in a chain at
 * most once" is a matter of ordering (PROTOCOL.md, R4).
 */
final class BlockTree {
  /**
   * @param windows of the clients that have a transaction in the block, after it
   */
  private record Node(Block block, SortedMap<PublicKey, ReplayWindow> windows) {
    BlockId parent() {
      return new BlockId(block.height() - 1, block.header().parentHash());
    }
  }

  private final TreeMap<Digest, Node> nodes = new TreeMap<>();
  private final TreeMap<PublicKey, ReplayWindow> rootWindows;

  /** Hashes of final blocks, down to the stable checkpoint. */
  private final TreeMap<Long, Digest> finalHashes = new TreeMap<>();

  private BlockHeader rootHeader;
  private BlockId root;

  BlockTree(ChainTip tip) {
    this.root = tip.block();
    this.rootHeader = tip.header();
    this.rootWindows = new TreeMap<>(tip.windows());
    tip.stable()
        .map(certificate -> certificate.checkpoint().block())
        .ifPresent(id -> finalHashes.put(id.height(), id.hash()));
    tip.unstable().forEach(result -> finalHashes.put(result.height(), result.block().hash()));
    finalHashes.put(root.height(), root.hash());
  }

  /** The last final block. */
  BlockId root() {
    return root;
  }

  /** Number of blocks above the root. */
  int size() {
    return nodes.size();
  }

  /** Whether {@code id} is a final block, as far as is still known, or one above the root. */
  boolean contains(BlockId id) {
    return id.height() <= root.height() ? isFinal(id) : nodes.containsKey(id.hash());
  }

  /** A block above the root. */
  Optional<Block> block(Digest hash) {
    return Optional.ofNullable(nodes.get(hash)).map(Node::block);
  }

  /** All blocks above the root, parents before children. */
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    nodes.values().forEach(node -> blocks.add(node.block()));
    blocks.sort((a, b) -> Long.compare(a.height(), b.height()));
    return blocks;
  }

  /** The header of the root or of a block above it. */
  Optional<BlockHeader> header(BlockId id) {
    return id.equals(root)
        ? Optional.of(rootHeader)
        : Optional.ofNullable(nodes.get(id.hash())).map(node -> node.block().header());
  }

  /**
   * Below the stable checkpoint hashes are forgotten; there nothing that differs can still be shown
   * to a correct replica.
   */
  private boolean isFinal(BlockId id) {
    Digest hash = finalHashes.get(id.height());
    return hash == null ? id.height() < root.height() : hash.equals(id.hash());
  }

  /** Whether {@code descendant}, which this tree contains, is {@code ancestor} or lies above it. */
  boolean descends(BlockId ancestor, BlockId descendant) {
    if (ancestor.height() > descendant.height()) {
      return false;
    }
    if (descendant.height() <= root.height()) {
      return isFinal(descendant)
          && (ancestor.height() == descendant.height()
              ? ancestor.equals(descendant)
              : isFinal(ancestor));
    }
    BlockId at = descendant;
    while (at.height() > Math.max(ancestor.height(), root.height())) {
      Node node = nodes.get(at.hash());
      if (node == null) {
        return false;
      }
      at = node.parent();
    }
    return ancestor.height() >= root.height()
        ? at.equals(ancestor)
        : at.equals(root) && isFinal(ancestor);
  }

  /** The blocks above the root up to {@code tip}, in rising order; empty if there are none. */
  List<Block> path(BlockId tip) {
    ArrayList<Block> path = new ArrayList<>();
    for (Node node = nodes.get(tip.hash()); node != null; node = nodes.get(node.parent().hash())) {
      path.add(0, node.block());
    }
    return path;
  }

  /** Whether {@code transaction}'s nonce is unused on the branch that ends with {@code parent}. */
  private ReplayWindow window(BlockId parent, PublicKey client) {
    for (Node node = nodes.get(parent.hash());
        node != null;
        node = nodes.get(node.parent().hash())) {
      ReplayWindow window = node.windows().get(client);
      if (window != null) {
        return window;
      }
    }
    return rootWindows.getOrDefault(client, ReplayWindow.EMPTY);
  }

  /** Those of {@code transactions} that may follow each other on top of {@code parent}. */
  List<Transaction> fresh(BlockId parent, List<Transaction> transactions) {
    TreeMap<PublicKey, ReplayWindow> windows = new TreeMap<>();
    return transactions.stream().filter(t -> use(parent, windows, t)).toList();
  }

  private boolean use(
      BlockId parent, Map<PublicKey, ReplayWindow> windows, Transaction transaction) {
    @Nullable ReplayWindow seen = windows.get(transaction.client());
    ReplayWindow window = seen == null ? window(parent, transaction.client()) : seen;
    if (window.freshness(transaction.nonce()) != Freshness.FRESH) {
      return false;
    }
    windows.put(transaction.client(), window.with(transaction.nonce()));
    return true;
  }

  /**
   * Adds a block whose parent is contained.
   *
   * @return false, and nothing is added, if one of its transactions is not fresh
   */
  boolean add(Block block) {
    BlockId parent = new BlockId(block.height() - 1, block.header().parentHash());
    if (!parent.equals(root) && !nodes.containsKey(parent.hash())) {
      throw new AssertionError("the parent of " + block + " is unknown");
    }
    TreeMap<PublicKey, ReplayWindow> windows = new TreeMap<>();
    for (Transaction transaction : block.transactions()) {
      if (!use(parent, windows, transaction)) {
        return false;
      }
    }
    nodes.put(block.hash(), new Node(block, windows));
    return true;
  }

  /** Makes a child of the root the new root. Branches that do not go through it are dropped. */
  void advance(Block block) {
    if (!block.header().parentHash().equals(root.hash())) {
      throw new AssertionError(block + " does not follow the final block " + root);
    }
    if (!nodes.containsKey(block.hash()) && !add(block)) {
      throw new AssertionError(block + " is final and repeats a transaction");
    }
    @Nullable Node node = nodes.remove(block.hash());
    if (node == null) {
      throw new AssertionError(block + " was added and is not there");
    }
    rootWindows.putAll(node.windows());
    root = block.id();
    rootHeader = block.header();
    finalHashes.put(root.height(), root.hash());
    TreeSet<Digest> live = new TreeSet<>();
    for (Block above : blocks()) {
      Digest parent = above.header().parentHash();
      if (parent.equals(root.hash()) || live.contains(parent)) {
        live.add(above.hash());
      }
    }
    nodes.keySet().retainAll(live);
  }

  /** Forgets hashes of final blocks below {@code stableHeight}. */
  void forgetBelow(long stableHeight) {
    long lowest = Math.min(stableHeight, root.height());
    while (finalHashes.firstKey() < lowest) {
      finalHashes.pollFirstEntry();
    }
  }

  /**
   * Drops the blocks that do not lead to one of {@code tips} and were first proposed in a view
   * below {@code view}.
   */
  void dropBranches(Collection<BlockId> tips, long view) {
    TreeSet<Digest> kept = new TreeSet<>();
    tips.forEach(tip -> path(tip).forEach(block -> kept.add(block.hash())));
    for (Block block : blocks()) {
      boolean parentKept =
          block.header().parentHash().equals(root.hash())
              || kept.contains(block.header().parentHash());
      if (parentKept && block.header().proposedView() >= view) {
        kept.add(block.hash());
      }
    }
    nodes.keySet().retainAll(kept);
  }
}
