package org.quorate.node.mempool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quorate.node.mempool.TestChain.ALICE;
import static org.quorate.node.mempool.TestChain.BOB;
import static org.quorate.node.mempool.TestChain.CAROL;
import static org.quorate.node.mempool.TestChain.MALLORY;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.chain.Transaction;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.crypto.Signature;
import org.quorate.ledger.crypto.SignatureVerifier;
import org.quorate.node.NodeLimits;

final class TransactionAdmissionTest {
  private static final int THREADS = 2;

  private final TestChain chain = new TestChain();
  private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);
  private final AtomicInteger verifications = new AtomicInteger();
  private final SignatureVerifier counting =
      (key, message, signature) -> {
        verifications.incrementAndGet();
        return SignatureVerifier.ED25519.verify(key, message, signature);
      };
  private final Set<Digest> executed = new HashSet<>();
  private final Mempool pool = new Mempool(MempoolLimits.DEFAULTS, Map.of(), () -> 0);
  private final TransactionAdmission admission =
      new TransactionAdmission(chain.spec(), counting, pool, executed::contains, workers, THREADS);

  @AfterEach
  void stopWorkers() {
    workers.shutdownNow();
  }

  private List<AdmissionResult> submit(List<Transaction> transactions) {
    return admission.submit(transactions.stream().map(Transaction::encoded).toList()).join();
  }

  private AdmissionResult submit(byte[] encoded) {
    return admission.submit(List.of(encoded)).join().get(0);
  }

  private void isRefused(byte[] encoded, Refusal refusal) {
    assertThat(submit(encoded))
        .isInstanceOfSatisfying(
            AdmissionResult.Rejected.class,
            rejected -> {
              assertThat(rejected.refusal()).isEqualTo(refusal);
              assertThat(rejected.detail()).isNotBlank();
            });
    assertThat(pool.size()).isZero();
    assertThat(submit(chain.transaction(CAROL, 99).encoded()))
        .isInstanceOf(AdmissionResult.Accepted.class);
  }

  @Test
  void aGoodTransactionIsAcceptedAndPending() {
    Transaction transaction = chain.transaction(ALICE, 1);
    assertThat(submit(transaction.encoded())).isEqualTo(new AdmissionResult.Accepted(transaction));
    assertThat(pool.contains(transaction.hash())).isTrue();
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void aLargeSubmissionIsEnteredInItsOrder() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 200);
    assertThat(submit(transactions))
        .containsExactlyElementsOf(
            transactions.stream().map(AdmissionResult.Accepted::new).toList());
    assertThat(pool.batch(500, 1 << 20, hash -> false)).containsExactlyElementsOf(transactions);
  }

  @Test
  void anEmptySubmissionHasNoResults() {
    assertThat(submit(List.of())).isEmpty();
  }

  @Test
  void ofOneNonceSubmittedTwiceAtOnceTheFirstIsAccepted() {
    Transaction first = chain.put(ALICE, 1, "key", "one");
    Transaction second = chain.put(ALICE, 1, "key", "two");
    List<AdmissionResult> results = submit(List.of(first, second, first));
    assertThat(results.get(0)).isEqualTo(new AdmissionResult.Accepted(first));
    assertThat(results.get(1))
        .isInstanceOfSatisfying(
            AdmissionResult.Rejected.class,
            rejected -> assertThat(rejected.refusal()).isEqualTo(Refusal.NONCE_REPEATED));
    assertThat(results.get(2)).isEqualTo(new AdmissionResult.Known(first.hash(), false));
  }

  @Test
  void theSameBytesGetTheSameAnswerWhilePendingAndWhenExecuted() {
    Transaction transaction = chain.transaction(ALICE, 1);
    submit(transaction.encoded());
    assertThat(submit(transaction.encoded()))
        .isEqualTo(new AdmissionResult.Known(transaction.hash(), false));
    executed.add(transaction.hash());
    pool.executed(chain.extend(List.of(transaction)));
    assertThat(submit(transaction.encoded()))
        .isEqualTo(new AdmissionResult.Known(transaction.hash(), true));
    pool.executed(chain.extend(List.of(chain.transaction(ALICE, 5_000))));
    assertThat(submit(transaction.encoded()))
        .isEqualTo(new AdmissionResult.Known(transaction.hash(), true));
    assertThat(verifications).hasValue(1);
  }

  @Test
  void bytesThatAreNoTransactionAreMalformed() {
    isRefused(new byte[] {1, 2, 3}, Refusal.MALFORMED);
  }

  @Test
  void aSignatureOf65BytesIsMalformed() {
    byte[] encoded = chain.transaction(ALICE, 1).encoded();
    isRefused(Arrays.copyOf(encoded, encoded.length + 1), Refusal.MALFORMED);
  }

  @Test
  void aSignatureOf63BytesIsMalformed() {
    byte[] encoded = chain.transaction(ALICE, 1).encoded();
    isRefused(Arrays.copyOf(encoded, encoded.length - 1), Refusal.MALFORMED);
  }

  @Test
  void aTransactionOfAnotherChainIsRefused() {
    TestChain other = new TestChain("other", ChainParameters.DEFAULTS);
    isRefused(other.transaction(ALICE, 1).encoded(), Refusal.WRONG_CHAIN);
  }

  @Test
  void aTransactionOfAStrangerIsRefused() {
    isRefused(chain.transaction(MALLORY, 1).encoded(), Refusal.UNKNOWN_CLIENT);
  }

  @Test
  void aWriteBeyondTheClientsPrefixesIsRefused() {
    isRefused(chain.put(BOB, 1, "alice/1", "mine").encoded(), Refusal.FORBIDDEN_PREFIX);
  }

  @Test
  void aChangedSignatureIsRefused() {
    byte[] encoded = chain.transaction(ALICE, 1).encoded();
    encoded[encoded.length - Signature.BYTES] ^= 1;
    isRefused(encoded, Refusal.BAD_SIGNATURE);
  }

  @Test
  void aChangedBodyIsRefused() {
    Transaction good = chain.transaction(ALICE, 1);
    Transaction forged =
        new Transaction(
            chain.chainHash(), ALICE.publicKey(), 2, good.operations(), good.signature());
    isRefused(forged.encoded(), Refusal.BAD_SIGNATURE);
  }

  @Test
  void aTransactionBeyondTheChainsSizeIsRefused() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      operations.add(new Operation.Data(ByteString.of(new byte[Operation.VALUE_BYTES_MAX])));
    }
    isRefused(
        Transaction.sign(ALICE, chain.chainHash(), 1, operations).encoded(), Refusal.TOO_LARGE);
  }

  @Test
  void aUsedNonceOfAnotherTransactionIsRefused() {
    pool.executed(chain.extend(List.of(chain.put(ALICE, 1, "key", "one"))));
    isRefused(chain.put(ALICE, 1, "key", "two").encoded(), Refusal.NONCE_REPEATED);
  }

  @Test
  void aNonceBelowTheWindowIsRefused() {
    pool.executed(chain.extend(List.of(chain.transaction(ALICE, 5_000))));
    isRefused(chain.transaction(ALICE, 1).encoded(), Refusal.NONCE_TOO_OLD);
  }

  @Test
  void whatThePoolHasNoRoomForCostsNoVerification() {
    Mempool small = new Mempool(new MempoolLimits(2, 1 << 20, 1, 1 << 20), Map.of(), () -> 0);
    TransactionAdmission narrow =
        new TransactionAdmission(
            chain.spec(), counting, small, executed::contains, workers, THREADS);
    List<Refusal> refusals = new ArrayList<>();
    for (Transaction transaction :
        List.of(
            chain.transaction(ALICE, 1),
            chain.transaction(ALICE, 2),
            chain.transaction(BOB, 1),
            chain.transaction(CAROL, 1))) {
      if (narrow.submit(List.of(transaction.encoded())).join().get(0)
          instanceof AdmissionResult.Rejected rejected) {
        refusals.add(rejected.refusal());
      }
    }
    assertThat(refusals).containsExactly(Refusal.CLIENT_QUOTA, Refusal.FULL);
    assertThat(verifications).hasValue(2);
  }

  @Test
  void aProposalOfVerifiedTransactionsCostsNoVerification() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 40);
    submit(transactions);
    assertThat(verifications).hasValue(40);
    assertThat(admission.check(chain.extend(transactions))).isTrue();
    assertThat(verifications).hasValue(40);
  }

  @Test
  void whatAProposalBroughtIsVerifiedOnce() {
    List<Transaction> transactions = chain.transactions(ALICE, 1, 100);
    assertThat(admission.check(chain.extend(transactions))).isTrue();
    assertThat(admission.check(chain.extend(transactions))).isTrue();
    submit(transactions);
    assertThat(verifications).hasValue(100);
    assertThat(pool.size()).isEqualTo(100);
  }

  @Test
  void aProposalWithOneBadTransactionIsRefusedWhereverItStands() {
    List<Transaction> good = chain.transactions(ALICE, 1, 40);
    Transaction bad =
        new Transaction(
            chain.chainHash(),
            ALICE.publicKey(),
            41,
            good.get(0).operations(),
            good.get(0).signature());
    for (int place : List.of(0, 17, 40)) {
      List<Transaction> transactions = new ArrayList<>(good);
      transactions.add(place, bad);
      assertThat(admission.check(chain.extend(transactions))).isFalse();
    }
    assertThat(admission.check(chain.extend(List.of(chain.transaction(MALLORY, 1))))).isFalse();
    assertThat(admission.check(chain.extend(good))).isTrue();
  }

  @Test
  void aProposalIsCheckedThoughAllWorkersAreBusy() {
    Queue<Runnable> neverRun = new ArrayDeque<>();
    TransactionAdmission busy =
        new TransactionAdmission(
            chain.spec(), counting, pool, executed::contains, neverRun::add, THREADS);
    CompletableFuture<List<AdmissionResult>> waiting =
        busy.submit(List.of(chain.transaction(BOB, 1).encoded()));
    assertThat(busy.check(chain.extend(chain.transactions(ALICE, 1, 40)))).isTrue();
    assertThat(verifications).hasValue(40);
    assertThat(waiting).isNotDone();
    neverRun.forEach(Runnable::run);
    assertThat(waiting).isCompleted();
    assertThat(verifications).hasValue(41);
    assertThat(pool.size()).isEqualTo(1);
  }

  @Test
  void submissionsBeyondTheBacklogAreRefusedAtOnce() {
    Queue<Runnable> later = new ArrayDeque<>();
    TransactionAdmission slow =
        new TransactionAdmission(
            chain.spec(), counting, pool, executed::contains, later::add, THREADS);
    byte[] encoded = chain.transaction(ALICE, 1).encoded();
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < NodeLimits.ADMISSION_TRANSACTIONS_MAX; i++) {
      many.add(encoded);
    }
    CompletableFuture<List<AdmissionResult>> first = slow.submit(many);
    assertThat(slow.submitForwarded(List.of(encoded)))
        .as("clients leave room for what peers forward (PROTOCOL.md, R24)")
        .isNotDone();
    assertThat(slow.submit(List.of(encoded)).join().get(0))
        .isInstanceOfSatisfying(
            AdmissionResult.Rejected.class,
            rejected -> assertThat(rejected.refusal()).isEqualTo(Refusal.FULL));
    assertThat(first).isNotDone();
    later.forEach(Runnable::run);
    assertThat(first.join()).hasSize(many.size());
    assertThat(slow.waiting()).isZero();
  }

  @Test
  void aBrokenVerifierFailsTheSubmissionAndTheProposalInsteadOfHangingThem() {
    SignatureVerifier broken =
        (key, message, signature) -> {
          throw new AssertionError("broken");
        };
    TransactionAdmission failing =
        new TransactionAdmission(chain.spec(), broken, pool, executed::contains, workers, THREADS);
    Transaction transaction = chain.transaction(ALICE, 1);
    assertThatThrownBy(() -> failing.submit(List.of(transaction.encoded())).join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("broken");
    assertThatThrownBy(() -> failing.check(chain.extend(List.of(transaction))))
        .hasRootCauseMessage("broken");
    assertThat(failing.waiting()).isZero();
  }

  @Test
  void withoutWorkersASubmissionFailsAndAProposalIsStillChecked() {
    workers.shutdown();
    byte[] encoded = chain.transaction(ALICE, 1).encoded();
    assertThat(admission.submit(List.of(encoded)))
        .failsWithin(java.time.Duration.ofSeconds(1))
        .withThrowableThat()
        .withCauseInstanceOf(RejectedExecutionException.class);
    assertThat(admission.check(chain.extend(chain.transactions(BOB, 1, 40)))).isTrue();
  }
}
