package org.quorate.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;

final class OperationsJsonTest {
  private static final ByteString K = ByteString.utf8("k");
  private static final ByteString V = ByteString.utf8("v");

  private static List<Operation> read(String json) {
    return OperationsJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsEveryOperationInOrder() {
    assertThat(
            read(
                """
                [{'op': 'require', 'key': 'k', 'value': 'v'},
                 {'op': 'require', 'key': 'k', 'absent': true},
                 {'op': 'put', 'key': 'k', 'value': 'v'},
                 {'op': 'put', 'key_hex': '6b', 'value_hex': '00ff'},
                 {'op': 'delete', 'key': 'k'},
                 {'op': 'add', 'key': 'k', 'delta': -9223372036854775808},
                 {'op': 'data', 'value': 'v'}]
                """))
        .containsExactly(
            new Operation.Require(K, Optional.of(V)),
            new Operation.Require(K, Optional.empty()),
            new Operation.Put(K, V),
            new Operation.Put(K, ByteString.of(new byte[] {0, (byte) 0xff})),
            new Operation.Delete(K),
            new Operation.Add(K, Long.MIN_VALUE),
            new Operation.Data(V));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                                 | a JSON list",
        "[]                                                 | a JSON list",
        "[1]                                                | operation 0: not a JSON object",
        "[{'op':'put','key':'k','value':'v'}] x             | not JSON",
        "[{'op':'put','key':'k','key':'k','value':'v'}]     | not JSON",
        "[{'key':'k'}]                                      | operation 0: the field op",
        "[{'op':'erase','key':'k'}]                         | operation 0: the field op",
        "[{'op':'put','key':'k'}]                           | value and value_hex",
        "[{'op':'put','value':'v'}]                         | key and key_hex",
        "[{'op':'put','key':'k','key_hex':'6b','value':''}] | only one",
        "[{'op':'put','key':'k','value':'v','ttl':1}]       | put has no field ttl",
        "[{'op':'put','key':'k','value':1}]                 | the field value is a string",
        "[{'op':'put','key':'','value':'v'}]                | a key has 1 to 256 bytes",
        "[{'op':'put','key_hex':'6B','value':'v'}]          | key_hex",
        "[{'op':'delete','key':'k','value':'v'}]            | delete has no field value",
        "[{'op':'add','key':'k'}]                           | delta",
        "[{'op':'add','key':'k','delta':1.0}]               | delta",
        "[{'op':'add','key':'k','delta':9223372036854775808}] | delta",
        "[{'op':'require','key':'k'}]                       | value and value_hex",
        "[{'op':'require','key':'k','absent':false}]        | absent is true",
        "[{'op':'require','key':'k','absent':true,'value':''}] | has no value",
        "[{'op':'data','value':'v'},{'op':'data'}]          | operation 1",
      })
  void refusesAnythingElseAndNamesThePlace(String json, String complaint) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(complaint);
  }
}
