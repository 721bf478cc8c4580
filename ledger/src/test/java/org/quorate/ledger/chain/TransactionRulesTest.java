package org.quorate.ledger.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quorate.ledger.TestChain;
import org.quorate.ledger.chain.TransactionRules.Fault;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.SignatureVerifier;

final class TransactionRulesTest {
  private final TestChain chain = new TestChain();
  private final TransactionRules rules =
      new TransactionRules(chain.spec(), SignatureVerifier.ED25519);

  @Test
  void transactionOfAClientWithinItsPrefixesIsFine() {
    assertThat(rules.check(chain.put(1, "anything", "v"))).isEmpty();
    assertThat(rules.check(chain.transaction(TestChain.BOB, 1, put("bob/1")))).isEmpty();
  }

  @Test
  void everyWriteNeedsThePermissionAndNothingElseDoes() {
    ByteString key = ByteString.utf8("alice");
    for (Operation write :
        List.of(new Operation.Delete(key), new Operation.Add(key, 1), put("bo"))) {
      assertThat(rules.check(chain.transaction(TestChain.BOB, 1, put("bob/1"), write)))
          .contains(Fault.FORBIDDEN_PREFIX);
    }
    assertThat(
            rules.check(
                chain.transaction(
                    TestChain.BOB,
                    1,
                    new Operation.Require(key, Optional.empty()),
                    new Operation.Data(key))))
        .isEmpty();
  }

  @Test
  void strangerIsUnknown() {
    assertThat(rules.check(chain.transaction(TestChain.key(0x55), 1, put("k"))))
        .contains(Fault.UNKNOWN_CLIENT);
  }

  @Test
  void transactionOfAnotherChainIsRefused() {
    assertThat(rules.check(new TestChain(7).put(1, "k", "v"))).contains(Fault.WRONG_CHAIN);
  }

  @Test
  void signatureOfAnotherTransactionIsRefused() {
    Transaction good = chain.put(1, "k", "v");
    Transaction changed =
        new Transaction(good.chainHash(), good.client(), 2, good.operations(), good.signature());
    assertThat(rules.check(changed)).contains(Fault.BAD_SIGNATURE);
  }

  @Test
  void transactionAboveTheChainsLimitIsTooLarge() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      operations.add(new Operation.Data(ByteString.of(new byte[Operation.VALUE_BYTES_MAX])));
    }
    Transaction large = chain.transaction(TestChain.ALICE, 1, operations.toArray(Operation[]::new));
    assertThat(large.size()).isGreaterThan(chain.spec().parameters().transactionBytesMax());
    assertThat(rules.check(large)).contains(Fault.TOO_LARGE);
  }

  private static Operation put(String key) {
    return new Operation.Put(ByteString.utf8(key), ByteString.utf8("v"));
  }
}
