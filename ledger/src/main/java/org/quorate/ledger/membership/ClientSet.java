package org.quorate.ledger.membership;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.quorate.ledger.codec.Decoder;
import org.quorate.ledger.codec.Encodable;
import org.quorate.ledger.codec.Encoder;
import org.quorate.ledger.codec.MalformedException;
import org.quorate.ledger.crypto.PublicKey;

/**
 * The clients of a chain in the order of the genesis file, at most {@value #CLIENTS_MAX}, no key or
 * name twice. Encoded as a list.
 */
public final class ClientSet implements Encodable {
  /** The most clients a chain may have. */
  public static final int CLIENTS_MAX = 10_000;

  private final List<Client> clients;
  private final TreeMap<PublicKey, Client> byKey = new TreeMap<>();

  /**
   * @throws IllegalArgumentException if there are too many, or a key or name stands twice
   */
  public ClientSet(List<Client> clients) {
    if (clients.size() > CLIENTS_MAX) {
      throw new IllegalArgumentException(
          "at most " + CLIENTS_MAX + " clients, not " + clients.size());
    }
    this.clients = List.copyOf(clients);
    TreeMap<String, Client> byName = new TreeMap<>();
    for (Client client : clients) {
      if (byKey.put(client.publicKey(), client) != null) {
        throw new IllegalArgumentException("two clients have the public key " + client.publicKey());
      }
      if (byName.put(client.name(), client) != null) {
        throw new IllegalArgumentException("two clients have the name " + client.name());
      }
    }
  }

  /** The clients, in order. */
  public List<Client> clients() {
    return clients;
  }

  /** The client that holds {@code key}, with the key instance whose point is already decoded. */
  public Optional<Client> client(PublicKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  @Override
  public void encode(Encoder out) {
    out.list(clients);
  }

  /** Reads what {@link #encode} writes. */
  public static ClientSet decode(Decoder in) throws MalformedException {
    return new ClientSet(in.list(CLIENTS_MAX, Client::decode));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientSet set && clients.equals(set.clients);
  }

  @Override
  public int hashCode() {
    return clients.hashCode();
  }
}
