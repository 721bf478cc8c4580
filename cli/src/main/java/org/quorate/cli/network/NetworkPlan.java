package org.quorate.cli.network;

import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.quorate.ledger.chain.ChainParameters;

/**
 * What a network on this machine is to be made of.
 *
 * @param chainId the chain's name
 * @param validators how many nodes, 1 to {@value #VALIDATORS_MAX}
 * @param clients names of the clients, which become file names; each gets a key
 * @param basePort node i has the ports base+1+i (peers), base+101+i (API) and base+201+i (metrics)
 * @param parameters limits and times
 * @param state keys and values before the first block
 */
public record NetworkPlan(
    String chainId,
    int validators,
    List<String> clients,
    int basePort,
    ChainParameters parameters,
    SortedMap<String, String> state) {
  /** The most nodes: more would need wider ranges of ports. */
  public static final int VALIDATORS_MAX = 99;

  /** The base port unless another is asked for. */
  public static final int BASE_PORT = 9_100;

  private static final int PORTS_OF_A_KIND = 100;
  private static final int KINDS_OF_PORTS = 3;
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  /**
   * @throws IllegalArgumentException if one of them is out of its range
   */
  public NetworkPlan {
    clients = List.copyOf(clients);
    state = new TreeMap<>(state);
    if (validators < 1 || validators > VALIDATORS_MAX) {
      throw new IllegalArgumentException(
          "a network on one machine has 1 to " + VALIDATORS_MAX + " validators, not " + validators);
    }
    int portMax = 65_535 - KINDS_OF_PORTS * PORTS_OF_A_KIND;
    if (basePort < 1 || basePort > portMax) {
      throw new IllegalArgumentException("the base port is 1 to " + portMax + ", not " + basePort);
    }
    for (String client : clients) {
      if (!FILE_NAME.matcher(client).matches()) {
        throw new IllegalArgumentException(
            "a client's name has 1 to 64 letters, digits, dots, hyphens and underscores and does"
                + " not begin with a dot; '"
                + client
                + "' is no such name");
      }
    }
    if (new HashSet<>(clients).size() < clients.size()) {
      throw new IllegalArgumentException("two clients have the same name");
    }
  }

  /** The plan of the README: local ports from 9100 on, usual parameters, empty state. */
  public static NetworkPlan of(String chainId, int validators, List<String> clients) {
    return new NetworkPlan(
        chainId, validators, clients, BASE_PORT, ChainParameters.DEFAULTS, new TreeMap<>());
  }

  int peerPort(int node) {
    return basePort + 1 + node;
  }

  int apiPort(int node) {
    return basePort + PORTS_OF_A_KIND + 1 + node;
  }

  int metricsPort(int node) {
    return basePort + 2 * PORTS_OF_A_KIND + 1 + node;
  }
}
