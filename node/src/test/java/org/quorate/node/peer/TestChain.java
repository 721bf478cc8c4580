package org.quorate.node.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.crypto.SigningKey;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;

/** Keys and chains that are the same in every run. */
final class TestChain {
  private TestChain() {}

  static SigningKey key(int number) {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    seed[0] = (byte) number;
    seed[1] = 77;
    return SigningKey.ofSeed(seed);
  }

  /** A chain of the validators with the keys 0 to n−1. */
  static ChainSpec chain(String name, int n) {
    List<Validator> validators = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      validators.add(new Validator("validator-" + i, key(i).publicKey()));
    }
    return new ChainSpec(
        name,
        0,
        new ValidatorSet(validators),
        new ClientSet(List.of()),
        ChainParameters.DEFAULTS,
        new TreeMap<>());
  }
}
