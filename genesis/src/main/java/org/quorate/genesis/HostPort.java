package org.quorate.genesis;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * A network address as people write it: {@code host:port}, with a host name, an IPv4 address or an
 * IPv6 address in square brackets.
 *
 * @param host the name or address, without brackets
 * @param port 0 to 65,535; 0 only makes sense to listen on, and then means any free port
 */
public record HostPort(String host, int port) {
  private static final int HOST_CHARACTERS_MAX = 253;
  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\\.?");
  private static final Pattern IPV6 =
      Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,32})?");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

  /**
   * @throws IllegalArgumentException if the host is no host or the port out of range
   */
  public HostPort {
    boolean ipv6 = host.indexOf(':') >= 0;
    if (host.length() > HOST_CHARACTERS_MAX || !(ipv6 ? IPV6 : NAME).matcher(host).matches()) {
      throw new IllegalArgumentException(
          "'" + host + "' is no host name, IPv4 address or IPv6 address");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !PORT.matcher(text.substring(colon + 1)).matches()) {
      throw new IllegalArgumentException(
          "an address is host:port, such as 127.0.0.1:9101 or [::1]:9101, not '" + text + "'");
    }
    String host = text.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    if (brackets) {
      host = host.substring(1, host.length() - 1);
    }
    if (brackets != host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "square brackets stand around an IPv6 address and nothing else, not '" + text + "'");
    }
    return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
  }

  /** The address to connect to or listen on; looks the name up, which may block. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  /** The address with its name not looked up: a network library does it when it connects. */
  public InetSocketAddress unresolved() {
    return InetSocketAddress.createUnresolved(host, port);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
