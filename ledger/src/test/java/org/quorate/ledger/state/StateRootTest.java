package org.quorate.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.crypto.Digest;
import org.quorate.ledger.store.Batch;
import org.quorate.ledger.store.MemoryStore;
import org.quorate.ledger.store.Table;

final class StateRootTest {
  /** Of 3,000 keys some share a page. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 17, 3_000})
  void entriesAloneHaveTheRootOfTheTree(int keys) throws Exception {
    SortedMap<ByteString, ByteString> values = new TreeMap<>();
    for (int i = 0; i < keys; i++) {
      values.put(ByteString.utf8("key " + i), ByteString.utf8("value " + i));
    }
    MemoryStore store = new MemoryStore();
    Batch batch = new Batch();
    WorldState state = WorldState.create(store, values, TreeLimits.DEFAULTS, batch);
    store.write(batch, true);

    List<byte[]> entries = new ArrayList<>();
    store.scan(Table.STATE.key(), (key, value) -> entries.add(value));
    StateRoot root = new StateRoot();
    for (byte[] bytes : entries) {
      StateEntry entry = Decoder.decode(bytes, StateEntry::decode);
      root.add(StateEntry.path(entry.key()), entry);
    }
    Digest found = root.root();
    assertThat(found).isEqualTo(state.root());
  }
}
