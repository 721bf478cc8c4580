package org.quorate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.quorate.cli.network.FreePorts;
import org.quorate.cli.network.NetworkFolder;
import org.quorate.cli.network.NetworkPlan;
import org.quorate.genesis.KeyFile;
import org.quorate.ledger.Ledger;
import org.quorate.ledger.chain.Block;
import org.quorate.ledger.chain.BlockHeader;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ReplicaId;
import org.quorate.ledger.proof.CheckpointCertificate;
import org.quorate.ledger.proof.CommittedBlock;
import org.quorate.ledger.proof.Phase;
import org.quorate.ledger.proof.QuorumCertificate;
import org.quorate.ledger.proof.SignatureSet;
import org.quorate.ledger.proof.Statement;
import org.quorate.ledger.proof.Vote;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.LevelDbStore;

/**
 * The folders of a network of four nodes, none of which runs, with ledgers that were written here
 * with the nodes' own keys.
 */
final class StoppedNodes {
  static final int NODES = 4;

  private final NetworkFolder network;
  private final List<SigningKey> validators = new ArrayList<>();
  private final SigningKey alice;

  StoppedNodes(Path path) throws Exception {
    network =
        NetworkFolder.create(
            path,
            new NetworkPlan(
                "stopped",
                NODES,
                List.of("alice"),
                FreePorts.base(NODES),
                ChainParameters.DEFAULTS,
                new TreeMap<>()));
    for (int i = 0; i < NODES; i++) {
      validators.add(KeyFile.read(network.nodeFolder(i).resolve("validator.pem")));
    }
    alice = KeyFile.read(network.clientKey("alice"));
  }

  ChainSpec chain() {
    return network.genesis().chain();
  }

  Path genesis() {
    return network.genesisFile();
  }

  Path node(int node) {
    return network.nodeFolder(node);
  }

  Path data(int node) {
    return node(node).resolve("data");
  }

  /** Changes the store of a node. */
  void change(int node, Batch batch) {
    try (LevelDbStore store = LevelDbStore.open(data(node).resolve("ledger"))) {
      store.write(batch, true);
    }
  }

  /** From now on it does not make its ledger anew if that is damaged. */
  void leaveRepairToTheOperator(int node) throws IOException {
    Path file = node(node).resolve("node.json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\\{", "{\"repair_ledger\": false,"));
  }

  /** Drops the transactions of the blocks below a height from the ledger of a node. */
  void prune(int node, long below) throws Exception {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(data(node).resolve("ledger")), chain())) {
      while (ledger.prune(below)) {
        // some at a time
      }
    }
  }

  /** Begins the ledger of a node with the snapshot that another took of its last block. */
  void beginWithSnapshotOf(int other, int node) {
    Path file = network.path().resolve("snapshot");
    Object[][] commands = {
      {"snapshot", "create", node(other)},
      {"snapshot", "export", node(other), "-o", file},
      {"snapshot", "restore", "--dir", node(node), "--file", file}
    };
    for (Object[] command : commands) {
      Run run = Run.quorate(command);
      if (run.status() != 0) {
        throw new AssertionError(run.err());
      }
    }
  }

  /**
   * Goes on with the ledger of a node.
   *
   * @param count how many blocks, of {@code transactions} each
   * @param value what they write
   */
  void addBlocks(int node, int count, int transactions, String value) throws Exception {
    addBlocks(node, count, transactions, value, 5_000);
  }

  /** As {@link #addBlocks(int, int, int, String)}, which write to so many keys in turn. */
  void addBlocks(int node, int count, int transactions, String value, long keys) throws Exception {
    try (Ledger ledger = Ledger.open(LevelDbStore.open(data(node).resolve("ledger")), chain())) {
      for (int i = 0; i < count; i++) {
        ledger.apply(next(ledger, transactions, value, keys));
        ledger.putCheckpointCertificate(
            new CheckpointCertificate(ledger.checkpoint(), signed(ledger.checkpoint())));
      }
    }
  }

  private CommittedBlock next(Ledger ledger, int count, String value, long keys) {
    BlockHeader parent = ledger.tipHeader();
    List<Transaction> transactions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long nonce = parent.height() * count + i + 1;
      transactions.add(
          Transaction.sign(
              alice,
              chain().chainHash(),
              nonce,
              List.of(
                  new Operation.Put(
                      ByteString.utf8("alice/" + nonce % keys), ByteString.utf8(value)))));
    }
    BlockHeader header =
        new BlockHeader(
            parent.height() + 1,
            parent.hash(chain().chainHash()),
            0,
            parent.timestampMillis() + 1,
            chain().validators().primary(0),
            Block.transactionsRoot(transactions),
            count,
            chain().validators().hash());
    Block block = new Block(chain().chainHash(), header, transactions);
    Vote vote = new Vote(Phase.COMMIT, 0, block.id());
    return new CommittedBlock(block, new QuorumCertificate(vote, signed(vote)));
  }

  /** By a quorum. */
  private SignatureSet signed(Statement statement) {
    TreeMap<ReplicaId, Signature> signatures = new TreeMap<>();
    for (int i = 0; i < NODES - 1; i++) {
      ReplicaId signer = chain().validators().replica(validators.get(i).publicKey()).orElseThrow();
      signatures.put(signer, validators.get(i).sign(statement.signedBytes(chain().chainHash())));
    }
    return new SignatureSet(signatures);
  }
}
