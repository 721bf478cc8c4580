package org.quorate.node.storage;

import java.nio.file.Path;
import org.quorate.ledger.crypto.SigningKey;

/** Another process that uses a data folder until its standard input ends. */
final class LockHolder {
  private LockHolder() {}

  public static void main(String[] arguments) throws Exception {
    try (DataFolder folder =
        DataFolder.open(
            Path.of(arguments[0]),
            DataFolderTest.chain("local", DataFolderTest.KEY),
            DataFolderTest.KEY.publicKey())) {
      System.out.println("holds " + folder.ledger());
      while (System.in.read() >= 0) {}
    }
  }

  static SigningKey key(int number) {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }
}
