package org.quorate.cli.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.quorate.genesis.GenesisDocument;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.LightClient;
import org.quorate.ledger.proof.StateProof;
import org.quorate.ledger.proof.TransactionProof;
import org.quorate.ledger.proof.Verdict;

/**
 * A network as its client sees it: any f of its nodes may be dead, slow or lying, and the answer is
 * still right. What has a proof may come from one node and is checked here against the genesis
 * file; what has none is believed when f+1 nodes say the same, one of which is correct.
 *
 * <p>Safe for use by any thread; a call blocks its thread.
 */
public final class QuorateClient {
  /** What one node may be asked to wait, at most; they refuse more than a minute. */
  private static final Duration PROOF_WAIT_MAX = Duration.ofSeconds(15);

  /** Of the keys of a proof in a request line, in hex with commas between. */
  private static final int KEYS_CHARACTERS_MAX = 4_000;

  private final ChainSpec chain;
  private final List<NodeClient> nodes;
  private final LightClient lightClient;
  private final BlockCheck blockCheck;

  /**
   * @param endpoints the nodes to ask, each counted as one validator's; at least one, repeated ones
   *     count once
   */
  public QuorateClient(ChainSpec chain, List<NodeEndpoint> endpoints, HttpClient http) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("a client needs a node to ask");
    }
    this.chain = chain;
    this.nodes =
        new LinkedHashSet<>(endpoints).stream().map(node -> new NodeClient(http, node)).toList();
    this.lightClient = new LightClient(chain, SignatureVerifier.ED25519);
    this.blockCheck = new BlockCheck(chain);
  }

  /** The API addresses that the genesis file gives its validators, in its order. */
  public static List<NodeEndpoint> endpoints(GenesisDocument genesis) {
    return genesis.chain().validators().replicas().stream()
        .map(
            replica ->
                new NodeEndpoint(
                    genesis.chain().validators().validator(replica).name(),
                    URI.create("http://" + genesis.apiAddress(replica))))
        .toList();
  }

  /** The chain it checks against. */
  public ChainSpec chain() {
    return chain;
  }

  /** The nodes it asks. */
  public List<NodeClient> nodes() {
    return nodes;
  }

  /** How many nodes must say the same before it is believed, f+1. */
  public int weakQuorum() {
    return chain.validators().quorum().weakQuorum();
  }

  /** As {@link #weakQuorum}, or all nodes where fewer can be asked. */
  int enough() {
    return Math.min(weakQuorum(), nodes.size());
  }

  /**
   * Submits a transaction and waits for its proof. Asks one node after the other with the same
   * bytes, and never again one that lied.
   */
  public Submission submit(Transaction transaction, Duration timeout) throws InterruptedException {
    return new Submitter(this, transaction, timeout).untilProven();
  }

  /** Hands a transaction to f+1 nodes and does not wait for its execution. */
  public Submission handOver(Transaction transaction, Duration timeout)
      throws InterruptedException {
    return new Submitter(this, transaction, timeout).untilTaken();
  }

  /** What is wrong with a proof of the transaction {@code hash}; empty if nothing is. */
  Optional<String> fault(TransactionProof proof, Digest hash) {
    if (!proof.transaction().hash().equals(hash)) {
      return Optional.of("gave the proof of another transaction, " + proof.transaction().hash());
    }
    return lightClient.check(proof) instanceof Verdict.Invalid invalid
        ? Optional.of("gave a forged proof: " + invalid.detail())
        : Optional.empty();
  }

  /**
   * Looks for a transaction and its proof, at each node once.
   *
   * @param wait how long the nodes, one after the other, may wait for a pending transaction
   */
  public Lookup find(Digest hash, Duration wait) throws InterruptedException {
    Deadline deadline = Deadline.in(wait);
    Reports reports = new Reports();
    List<NodeEndpoint> unknown = new ArrayList<>();
    List<NodeEndpoint> pending = new ArrayList<>();
    for (NodeClient node : nodes) {
      Answer<TransactionProof> answer = node.proof(hash, deadline.leftUpTo(PROOF_WAIT_MAX));
      if (answer instanceof Answer.Given<TransactionProof> given) {
        Optional<String> fault = fault(given.value(), hash);
        if (fault.isEmpty()) {
          return new Lookup.Proven(given.value(), node.node());
        }
        reports.noteLie(node.node(), fault.get());
        continue;
      }
      reports.note(node.node(), answer);
      if (answer instanceof Answer.Refused<TransactionProof> refused) {
        if (refused.problem().isPending()) {
          pending.add(node.node());
        } else if (refused.problem().isNotFound()) {
          unknown.add(node.node());
        }
      }
    }
    if (!pending.isEmpty()) {
      return new Lookup.Pending(List.copyOf(pending));
    }
    return unknown.size() >= enough()
        ? new Lookup.Unknown(List.copyOf(unknown))
        : new Lookup.Unproven(reports.reached(), reports.lines());
  }

  /**
   * The value of a key on which f+1 nodes agree. Their heights may differ. The value was that of a
   * correct node at some height it had executed; where the key is being written, a later value may
   * exist already.
   *
   * @throws NoAnswerException if no f+1 nodes agree within {@code timeout}
   * @throws IllegalArgumentException if fewer than f+1 nodes can be asked
   */
  public AgreedState state(ByteString key, Duration timeout)
      throws NoAnswerException, InterruptedException {
    if (nodes.size() < weakQuorum()) {
      throw new IllegalArgumentException(
          weakQuorum()
              + " nodes must say the same before it is believed, and "
              + nodes.size()
              + " can be asked");
    }
    Deadline deadline = Deadline.in(timeout);
    while (true) {
      Reports reports = new Reports();
      Map<Optional<ByteString>, List<NodeEndpoint>> sayings = new HashMap<>();
      for (NodeClient node : nodes) {
        if (!isOfThisChain(node, reports)) {
          continue;
        }
        Answer<Optional<ByteString>> answer = node.state(key);
        if (!(answer instanceof Answer.Given<Optional<ByteString>> given)) {
          reports.note(node.node(), answer);
          continue;
        }
        List<NodeEndpoint> alike =
            sayings.computeIfAbsent(given.value(), value -> new ArrayList<>());
        alike.add(node.node());
        reports.noteLie(
            node.node(), given.value().map(value -> "0x" + value.hex()).orElse("absent"));
        if (alike.size() >= weakQuorum()) {
          return new AgreedState(given.value(), alike);
        }
      }
      if (!reports.reached() || reports.otherChain() || !deadline.pause()) {
        throw new NoAnswerException("no " + weakQuorum() + " nodes agree on the value", reports);
      }
    }
  }

  /**
   * The proof of the values of keys after the highest block that f+1 nodes prove, or as many as
   * answer: one of f+1 is correct, so what they prove is no older than what a correct node can.
   *
   * @param keys at most {@value StateProof#KEYS_MAX}, and no more than fit into a request
   * @throws NoAnswerException if no node hands over a proof that holds
   * @throws IllegalArgumentException if there are too many keys
   */
  public ProvenState stateProof(SortedSet<ByteString> keys)
      throws NoAnswerException, InterruptedException {
    int characters = keys.stream().mapToInt(key -> 2 * key.size() + 1).sum();
    if (keys.size() > StateProof.KEYS_MAX || characters > KEYS_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "one proof is of at most "
              + StateProof.KEYS_MAX
              + " keys, and of "
              + KEYS_CHARACTERS_MAX / 2
              + " bytes of keys; ask for fewer at a time");
    }
    Reports reports = new Reports();
    List<StateProof> proofs = new ArrayList<>();
    for (NodeClient node : nodes) {
      Answer<StateProof> answer = node.stateProof(keys);
      if (!(answer instanceof Answer.Given<StateProof> given)) {
        reports.note(node.node(), answer);
      } else if (lightClient.check(given.value()) instanceof Verdict.Invalid invalid) {
        reports.noteLie(node.node(), "gave a forged proof: " + invalid.detail());
      } else if (!given.value().values().keySet().equals(keys)) {
        reports.noteLie(node.node(), "gave the proof of other keys");
      } else {
        proofs.add(given.value());
      }
      if (proofs.size() >= weakQuorum()) {
        break;
      }
    }
    return proofs.stream()
        .max(Comparator.comparingLong(proof -> proof.header().height()))
        .map(proof -> new ProvenState(proof, proofs.size()))
        .orElseThrow(() -> new NoAnswerException("no node gave a proof that holds", reports));
  }

  /** A value bears no sign of its chain, so each node is asked which one it is of. */
  private boolean isOfThisChain(NodeClient node, Reports reports) throws InterruptedException {
    Answer<NodeStatus> answer = node.status();
    if (!(answer instanceof Answer.Given<NodeStatus> given)) {
      reports.note(node.node(), answer);
      return false;
    }
    if (!given.value().chainHash().equals(chain.chainHash())) {
      reports.noteOtherChain(node.node(), given.value().chainHash());
      return false;
    }
    return true;
  }

  /**
   * The block at {@code height}, checked, from the first node that has it.
   *
   * @param height 0 for the genesis block, which stands in the genesis file
   * @throws NoAnswerException if no node hands over a block that holds
   */
  public VerifiedBlock block(long height) throws NoAnswerException, InterruptedException {
    if (height == 0) {
      return blockCheck.genesis();
    }
    Reports reports = new Reports();
    for (NodeClient node : nodes) {
      Optional<VerifiedBlock> block = blockCheck.ask(node, Long.toString(height), reports);
      if (block.isPresent()) {
        return block.get();
      }
    }
    throw new NoAnswerException("no node gave a block " + height + " that holds", reports);
  }

  /**
   * The highest block that any node hands over and that holds. A later one may exist.
   *
   * @throws NoAnswerException if no node hands over a block that holds
   */
  public VerifiedBlock latestBlock() throws NoAnswerException, InterruptedException {
    Reports reports = new Reports();
    List<VerifiedBlock> blocks = new ArrayList<>();
    for (NodeClient node : nodes) {
      blockCheck.ask(node, "latest", reports).ifPresent(blocks::add);
    }
    return blocks.stream()
        .max(Comparator.comparingLong(block -> block.header().height()))
        .orElseThrow(
            () -> new NoAnswerException("no node gave a latest block that holds", reports));
  }

  /**
   * The highest nonce of a client that the chain has used, at least as far as one correct node
   * knows, and never above what some correct node knows: of the answers, the f+1st from above. (The
   * greatest of all would let one liar use up all nonces.) With fewer than 2f+1 answers the
   * greatest.
   *
   * @throws NoAnswerException if no node answers
   */
  public long highestNonce(PublicKey client) throws NoAnswerException, InterruptedException {
    Reports reports = new Reports();
    List<Long> answers = new ArrayList<>();
    for (NodeClient node : nodes) {
      Answer<Long> answer = node.highestNonce(client);
      if (answer instanceof Answer.Given<Long> given) {
        answers.add(given.value());
      } else {
        reports.note(node.node(), answer);
      }
    }
    if (answers.isEmpty()) {
      throw new NoAnswerException("no node told which nonces the client has used", reports);
    }
    answers.sort(Comparator.reverseOrder());
    int f = chain.validators().quorum().f();
    return answers.size() > 2 * f ? answers.get(f) : answers.get(0);
  }

  /** The node of a replica, where the genesis file's addresses are asked. */
  public Optional<NodeClient> node(ReplicaId replica) {
    String name = chain.validators().validator(replica).name();
    return nodes.stream().filter(node -> node.node().name().equals(name)).findFirst();
  }
}
