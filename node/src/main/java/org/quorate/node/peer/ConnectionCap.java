package org.quorate.node.peer;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections there are whose other end has not shown who it is: in all, and from each
 * address. Owned by the event loop.
 */
final class ConnectionCap {
  private final int max;
  private final int perAddressMax;
  private final Map<InetAddress, Integer> perAddress = new HashMap<>();
  private int total;

  ConnectionCap(int max, int perAddressMax) {
    this.max = max;
    this.perAddressMax = perAddressMax;
  }

  /** Takes a place; false if there is none. */
  boolean acquire(InetAddress address) {
    int count = perAddress.getOrDefault(address, 0);
    if (total >= max || count >= perAddressMax) {
      return false;
    }
    total++;
    perAddress.put(address, count + 1);
    return true;
  }

  /** Gives a place back. */
  void release(InetAddress address) {
    total--;
    perAddress.computeIfPresent(address, (key, count) -> count > 1 ? count - 1 : null);
  }

  int total() {
    return total;
  }
}
