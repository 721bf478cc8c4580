package org.quorate.genesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.ValidatorSet;

/** The schema and the parser say the same. */
final class SchemaTest {
  private static JsonNode schema() throws Exception {
    return new JsonMapper().readTree(Path.of("genesis.schema.json").toFile());
  }

  @Test
  void theSchemaHasTheFieldsOfTheParserAndAllAreRequired() throws Exception {
    JsonNode properties = schema().get("properties");
    assertFields(schema(), GenesisReader.DOCUMENT);
    assertFields(properties.at("/validators/items"), GenesisReader.VALIDATOR);
    assertFields(properties.at("/clients/items"), GenesisReader.CLIENT);
    assertFields(properties.at("/consensus_params"), GenesisReader.PARAMETERS);
  }

  private static void assertFields(JsonNode object, String[] fields) {
    List<String> required = new ArrayList<>();
    object.get("required").forEach(name -> required.add(name.asText()));
    assertThat(required).containsExactly(fields);
    assertThat(object.get("properties").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(fields);
    assertThat(object.get("additionalProperties").asBoolean(true)).isFalse();
  }

  @Test
  void theSchemaHasTheLimitsOfTheLedger() throws Exception {
    JsonNode properties = schema().get("properties");
    assertThat(properties.at("/validators/maxItems").asInt())
        .isEqualTo(ValidatorSet.VALIDATORS_MAX);
    assertThat(properties.at("/clients/maxItems").asInt()).isEqualTo(ClientSet.CLIENTS_MAX);
    assertThat(properties.at("/clients/items/properties/write_prefixes/maxItems").asInt())
        .isEqualTo(Client.PREFIXES_MAX);
    assertThat(properties.at("/app_state/maxProperties").asInt())
        .isEqualTo(ChainSpec.APP_STATE_MAX);
    assertThat(properties.at("/chain_id/pattern").asText())
        .contains("{1," + ChainSpec.CHAIN_ID_BYTES_MAX + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "block_transactions_max",
        "block_bytes_max",
        "window_blocks",
        "batch_delay_millis",
        "view_timeout_millis",
        "clock_drift_millis",
        "rotation_interval_blocks"
      })
  void eachParameterIsTakenAtItsMaximumAndRefusedBeyond(String parameter) throws Exception {
    JsonNode limits = schema().at("/properties/consensus_params/properties/" + parameter);
    int max = limits.get("maximum").asInt();
    String field = Example.text().lines().filter(l -> l.contains(parameter)).findFirst().get();
    String name = field.substring(0, field.indexOf(':') + 2);
    String comma = field.endsWith(",") ? "," : "";
    assertThat(Example.with(field, name + max + comma)).isNotNull();
    assertThatExceptionOfType(GenesisException.class)
        .isThrownBy(() -> Example.with(field, name + (max + 1) + comma))
        .withMessageContaining(parameter + " is ");
    if (!parameter.equals("block_bytes_max")) { // whose minimum is another parameter
      int min = limits.get("minimum").asInt();
      assertThat(Example.with(field, name + min + comma)).isNotNull();
      assertThatExceptionOfType(GenesisException.class)
          .isThrownBy(() -> Example.with(field, name + (min - 1) + comma))
          .withMessageContaining(parameter + " is ");
    }
  }
}
