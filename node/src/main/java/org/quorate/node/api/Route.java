package org.quorate.node.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One method on one kind of path.
 *
 * @param method GET (which answers HEAD too) or POST
 * @param template the path, with parameters in braces; a parameter at the end that is called {@code
 *     key} takes all the rest, slashes included
 * @param parameters the names that its query may have
 */
record Route(String method, String template, Set<String> parameters, Handler handler) {
  private static final String GREEDY = "{key}";

  static Route get(String template, Handler handler, String... parameters) {
    return new Route("GET", template, Set.of(parameters), handler);
  }

  static Route post(String template, Handler handler, String... parameters) {
    return new Route("POST", template, Set.of(parameters), handler);
  }

  boolean answers(String asked) {
    return asked.equals(method) || (asked.equals("HEAD") && method.equals("GET"));
  }

  /** The raw values of the path's parameters if {@code segments} fit the template. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> expected = List.of(template.substring(1).split("/", -1));
    boolean greedy = template.endsWith(GREEDY);
    if (greedy ? segments.size() < expected.size() : segments.size() != expected.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < expected.size(); i++) {
      String part = expected.get(i);
      boolean rest = greedy && i == expected.size() - 1;
      String actual =
          rest ? String.join("/", segments.subList(i, segments.size())) : segments.get(i);
      if (!part.startsWith("{")) {
        if (!part.equals(actual)) {
          return Optional.empty();
        }
      } else if (actual.isEmpty()) {
        return Optional.empty();
      } else {
        values.put(part.substring(1, part.length() - 1), actual);
      }
    }
    return Optional.of(values);
  }
}
