package org.quorate.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;

/** As DecoderFuzzTest, for what is stored of the state and its tree. */
final class TreePageFuzzTest {
  @FuzzTest
  void page(byte[] data) {
    TreeNode page;
    try {
      page =
          Decoder.decode(data, in -> TreePage.decode(in, TreeLoader.PAGE_DEPTH, new TreeHasher()));
    } catch (MalformedException refused) {
      return;
    }
    assertThat(TreePage.encoded(page)).isEqualTo(data);
  }

  @FuzzTest
  void entry(byte[] data) {
    StateEntry entry;
    try {
      entry = Decoder.decode(data, StateEntry::decode);
    } catch (MalformedException refused) {
      return;
    }
    assertThat(entry.encoded()).isEqualTo(data);
  }
}
