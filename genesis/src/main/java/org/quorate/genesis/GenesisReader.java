package org.quorate.genesis;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quorate.ledger.chain.ChainParameters;
import org.quorate.ledger.chain.ChainSpec;
import org.quorate.ledger.chain.Operation;
import org.quorate.ledger.codec.ByteString;
import org.quorate.ledger.crypto.PublicKey;
import org.quorate.ledger.membership.Client;
import org.quorate.ledger.membership.ClientSet;
import org.quorate.ledger.membership.Validator;
import org.quorate.ledger.membership.ValidatorSet;

/** Reads a genesis document. Every complaint begins with the path of the field it is about. */
final class GenesisReader {
  static final String[] DOCUMENT = {
    "chain_id", "genesis_time", "validators", "clients", "consensus_params", "app_state"
  };
  static final String[] VALIDATOR = {"name", "public_key", "peer_address", "api_address"};
  static final String[] CLIENT = {"name", "public_key", "write_prefixes"};
  static final String[] PARAMETERS = {
    "block_transactions_max",
    "block_bytes_max",
    "transaction_bytes_max",
    "window_blocks",
    "batch_delay_millis",
    "view_timeout_millis",
    "clock_drift_millis",
    "rotation_interval_blocks"
  };

  private final JsonObject document;
  private final Map<String, String> placeOf = new HashMap<>();

  private GenesisReader(JsonObject document) {
    this.document = document;
  }

  static GenesisDocument parse(byte[] utf8) throws GenesisException {
    return new GenesisReader(JsonObject.parse(utf8, DOCUMENT)).document();
  }

  private GenesisDocument document() throws GenesisException {
    String chainId = document.text("chain_id");
    long time = time();
    List<Validator> validators = new ArrayList<>();
    List<HostPort> peerAddresses = new ArrayList<>();
    List<HostPort> apiAddresses = new ArrayList<>();
    for (JsonObject validator :
        document.objects("validators", ValidatorSet.VALIDATORS_MAX, VALIDATOR)) {
      String name = unique("validator name", validator, "name");
      PublicKey key = publicKey("validator key", validator);
      validators.add(valid(validator.at("name"), () -> new Validator(name, key)));
      peerAddresses.add(address(validator, "peer_address"));
      apiAddresses.add(address(validator, "api_address"));
    }
    if (validators.isEmpty()) {
      throw GenesisException.field("validators", "empty; a chain has at least one validator");
    }
    List<Client> clients = new ArrayList<>();
    for (JsonObject client : document.objects("clients", ClientSet.CLIENTS_MAX, CLIENT)) {
      clients.add(client(client));
    }
    ChainParameters parameters = parameters();
    SortedMap<ByteString, ByteString> appState = appState();
    ChainSpec chain =
        valid(
            "chain_id",
            () ->
                new ChainSpec(
                    chainId,
                    time,
                    new ValidatorSet(validators),
                    new ClientSet(clients),
                    parameters,
                    appState));
    return new GenesisDocument(chain, peerAddresses, apiAddresses);
  }

  private long time() throws GenesisException {
    String text = document.text("genesis_time");
    String form = "a time in UTC such as 2026-01-31T12:00:00Z, not before 1970";
    try {
      Instant time = Instant.parse(text);
      if (!text.endsWith("Z") || time.isBefore(Instant.EPOCH)) {
        throw GenesisException.field("genesis_time", form + ", not '" + text + "'");
      }
      if (!time.equals(time.truncatedTo(ChronoUnit.MILLIS))) {
        throw GenesisException.field("genesis_time", "has at most three decimals of a second");
      }
      return time.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw GenesisException.field("genesis_time", form + ", not '" + text + "'");
    }
  }

  private Client client(JsonObject client) throws GenesisException {
    String name = unique("client name", client, "name");
    PublicKey key = publicKey("client key", client);
    List<ByteString> prefixes = new ArrayList<>();
    for (String prefix : client.texts("write_prefixes", Client.PREFIXES_MAX)) {
      ByteString bytes = ByteString.utf8(prefix);
      if (bytes.size() > Client.PREFIX_BYTES_MAX) {
        throw GenesisException.field(
            client.at("write_prefixes") + "[" + prefixes.size() + "]",
            "at most " + Client.PREFIX_BYTES_MAX + " bytes, not " + bytes.size());
      }
      prefixes.add(bytes);
    }
    return valid(client.at("name"), () -> new Client(name, key, prefixes));
  }

  private ChainParameters parameters() throws GenesisException {
    JsonObject json = document.object("consensus_params", PARAMETERS);
    int[] values = new int[PARAMETERS.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = json.integer(PARAMETERS[i]);
    }
    return valid(
        "consensus_params",
        () ->
            new ChainParameters(
                values[0], values[1], values[2], values[3], values[4], values[5], values[6],
                values[7]));
  }

  private SortedMap<ByteString, ByteString> appState() throws GenesisException {
    SortedMap<ByteString, ByteString> state = new TreeMap<>();
    for (Map.Entry<String, String> entry : document.entries("app_state", ChainSpec.APP_STATE_MAX)) {
      ByteString key = ByteString.utf8(entry.getKey());
      ByteString value = ByteString.utf8(entry.getValue());
      valid(document.entry("app_state", entry.getKey()), () -> new Operation.Put(key, value));
      state.put(key, value);
    }
    return state;
  }

  private PublicKey publicKey(String kind, JsonObject object) throws GenesisException {
    String path = object.at("public_key");
    String text = unique(kind, object, "public_key");
    PublicKey key = valid(path, () -> PublicKey.fromHex(text));
    if (!key.isValid()) {
      throw GenesisException.field(
          path, "no Ed25519 public key that may sign; print the right one by `keys show FILE`");
    }
    return key;
  }

  private HostPort address(JsonObject object, String field) throws GenesisException {
    String text = unique("address", object, field);
    HostPort address = valid(object.at(field), () -> HostPort.parse(text));
    if (address.port() == 0) {
      throw GenesisException.field(object.at(field), "needs a port from 1 to 65535");
    }
    return address;
  }

  /** The text of a field that no other of its kind may have. */
  private String unique(String kind, JsonObject object, String field) throws GenesisException {
    String text = object.text(field);
    String earlier = placeOf.putIfAbsent(kind + ' ' + text, object.at(field));
    if (earlier != null) {
      throw GenesisException.field(
          object.at(field), "the same as " + earlier + "; each has its own");
    }
    return text;
  }

  private interface Constructor<T> {
    T make();
  }

  private static <T> T valid(String path, Constructor<T> constructor) throws GenesisException {
    try {
      return constructor.make();
    } catch (IllegalArgumentException e) {
      throw new GenesisException(path + ": " + e.getMessage(), e);
    }
  }
}
