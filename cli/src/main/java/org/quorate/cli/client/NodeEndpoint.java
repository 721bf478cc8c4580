package org.quorate.cli.client;

import java.net.URI;

/**
 * Where a node's HTTP API is.
 *
 * @param name what people call the node: the validator's name, or the address when that is all that
 *     is known
 * @param uri scheme http or https, a host and perhaps a port; no path
 */
public record NodeEndpoint(String name, URI uri) {
  public NodeEndpoint {
    String scheme = uri.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "a node's address looks like http://127.0.0.1:9201, not like " + uri);
    }
    if (uri.getQuery() != null
        || uri.getFragment() != null
        || !(uri.getPath().isEmpty() || uri.getPath().equals("/"))) {
      throw new IllegalArgumentException("a node's address has no path: " + uri);
    }
  }

  /**
   * The endpoint a user names by its address.
   *
   * @throws IllegalArgumentException if it is not the address of an HTTP server
   */
  public static NodeEndpoint parse(String address) {
    URI uri = URI.create(address);
    return new NodeEndpoint(address, uri);
  }

  /** The address of a resource, such as {@code "/api/v1/status"}. */
  URI resolve(String path) {
    return uri.resolve(path);
  }

  @Override
  public String toString() {
    return name.equals(uri.toString()) ? name : name + " (" + uri + ")";
  }
}
