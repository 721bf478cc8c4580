package org.quorate.ledger.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.Hasher;

/** As DecoderFuzzTest, for the stored parts of the state tree. */
final class PageFuzzTest {
  @FuzzTest
  void page(byte[] data) {
    Page page;
    try {
      page = Decoder.decode(data, in -> Page.decode(in, new Hasher()));
    } catch (MalformedException refused) {
      return;
    }
    assertThat(page.encoded()).isEqualTo(data);
  }

  @FuzzTest
  void subtree(byte[] data) {
    Subtree subtree;
    try {
      subtree = Decoder.decode(data, in -> Subtree.decode(in, new Hasher()));
    } catch (MalformedException refused) {
      return;
    }
    assertThat(Subtree.encoded(subtree)).isEqualTo(data);
  }
}
