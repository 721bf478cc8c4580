package org.quorate.ledger.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.PublicKey;

final class MembersTest {
  @Test
  void validatorsAreFoundByPlaceAndKey() {
    ValidatorSet set = new ValidatorSet(List.of(validator("a", 1), validator("b", 2)));
    assertThat(set.n()).isEqualTo(2);
    assertThat(set.replica(key(2))).contains(new ReplicaId(1));
    assertThat(set.replica(key(3))).isEmpty();
    assertThat(set.validator(new ReplicaId(0)).name()).isEqualTo("a");
    assertThat(set.contains(new ReplicaId(2))).isFalse();
    assertThat(set.replicas()).containsExactly(new ReplicaId(0), new ReplicaId(1));
  }

  /** Castro & Liskov, OSDI '99, §4: the primary is replica v mod n. */
  @Test
  void primaryGoesAround() {
    ValidatorSet set =
        new ValidatorSet(List.of(validator("a", 1), validator("b", 2), validator("c", 3)));
    assertThat(set.primary(0)).isEqualTo(new ReplicaId(0));
    assertThat(set.primary(5)).isEqualTo(new ReplicaId(2));
    assertThat(set.primary(Long.MAX_VALUE)).isEqualTo(new ReplicaId(1));
  }

  @Test
  void orderOfValidatorsIsPartOfTheirHash() {
    assertThat(new ValidatorSet(List.of(validator("a", 1), validator("b", 2))).hash())
        .isNotEqualTo(new ValidatorSet(List.of(validator("b", 2), validator("a", 1))).hash());
  }

  @Test
  void doubledValidatorsAreRefused() {
    refused(() -> new ValidatorSet(List.of(validator("a", 1), validator("b", 1))), "0 and 1");
    refused(() -> new ValidatorSet(List.of(validator("a", 1), validator("a", 2))), "name");
    refused(() -> new ValidatorSet(List.of()), "at least one");
    List<Validator> many = new ArrayList<>(Collections.nCopies(129, validator("a", 1)));
    refused(() -> new ValidatorSet(many), "at most 128");
  }

  @Test
  void doubledClientsAreRefused() {
    refused(() -> new ClientSet(List.of(client("a", 1), client("b", 1))), "public key");
    refused(() -> new ClientSet(List.of(client("a", 1), client("a", 2))), "name a");
  }

  @Test
  void clientWritesUnderItsPrefixesOnly() {
    Client client = client("a", 1, "x/", "y");
    assertThat(client.mayWrite(ByteString.utf8("x/1"))).isTrue();
    assertThat(client.mayWrite(ByteString.utf8("x/"))).isTrue();
    assertThat(client.mayWrite(ByteString.utf8("yes"))).isTrue();
    assertThat(client.mayWrite(ByteString.utf8("x"))).isFalse();
    assertThat(client.mayWrite(ByteString.utf8("z"))).isFalse();
    assertThat(client("b", 2).mayWrite(ByteString.utf8("x"))).isFalse();
    assertThat(client("c", 3, "").mayWrite(ByteString.utf8("x"))).isTrue();
  }

  @Test
  void limitsOfAClientAreKept() {
    refused(() -> client("a", 1, new String[65]), "64 write prefixes");
    refused(() -> client("a", 1, "p".repeat(257)), "256 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "65", "umlauts", "surrogate"})
  void nameThatIsEmptyTooLongOrNotUnicodeIsRefused(String kind) {
    String name =
        switch (kind) {
          case "65" -> "a".repeat(65);
          case "umlauts" -> "ä".repeat(33);
          case "surrogate" -> "a\ud800";
          default -> "";
        };
    refused(() -> new Validator(name, key(1)), "name of a validator");
    refused(() -> client(name, 1), "name of a client");
  }

  private static void refused(ThrowingCallable making, String why) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static Validator validator(String name, int key) {
    return new Validator(name, key(key));
  }

  private static Client client(String name, int key, String... prefixes) {
    List<ByteString> list = new ArrayList<>();
    for (String prefix : prefixes) {
      list.add(prefix == null ? ByteString.EMPTY : ByteString.utf8(prefix));
    }
    return new Client(name, key(key), list);
  }

  private static PublicKey key(int value) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) value;
    return PublicKey.of(bytes);
  }
}
