package org.quorate.node.api;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Finds the route of a request, and answers those that have none. */
final class Router implements Dispatcher {
  private static final String OTHER = "other";

  private final List<Route> routes;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  List<Route> routes() {
    return routes;
  }

  @Override
  public Dispatched dispatch(HttpMessage message) {
    String target = withoutAuthority(message.uri());
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    if (message.method().equals("OPTIONS") && target.equals("*")) {
      return new Dispatched(OTHER, done(allowed(204, "GET, HEAD, OPTIONS, POST")));
    }
    List<String> segments =
        path.startsWith("/") ? List.of(path.substring(1).split("/", -1)) : List.of();
    List<Route> onPath = new ArrayList<>();
    for (Route route : routes) {
      Optional<Map<String, String>> values = route.match(segments);
      if (values.isPresent()) {
        onPath.add(route);
        if (route.answers(message.method())) {
          return new Dispatched(route.template(), handle(route, values.get(), query, message));
        }
      }
    }
    return onPath.isEmpty()
        ? new Dispatched(OTHER, done(new Problem(ProblemType.NOT_FOUND, "no such path").answer()))
        : new Dispatched(onPath.get(0).template(), done(otherMethod(message.method(), onPath)));
  }

  /** The path and query of an absolute target, {@code http://host/path} (RFC 9112, §3.2.2). */
  private static String withoutAuthority(String uri) {
    if (!uri.regionMatches(true, 0, "http://", 0, 7)) {
      return uri;
    }
    int slash = uri.indexOf('/', 7);
    return slash < 0 ? "/" : uri.substring(slash);
  }

  private static Answer otherMethod(String method, List<Route> onPath) {
    TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
    for (Route route : onPath) {
      methods.add(route.method());
      if (route.answers("HEAD")) {
        methods.add("HEAD");
      }
    }
    String allow = String.join(", ", methods);
    if (method.equals("OPTIONS")) {
      return allowed(204, allow);
    }
    Answer.Whole problem =
        new Problem(ProblemType.METHOD_NOT_ALLOWED, "allowed here: " + allow).answer();
    return new Answer.Whole(
        problem.status(), problem.mediaType(), problem.body(), Map.of("Allow", allow));
  }

  private static Answer allowed(int status, String methods) {
    return new Answer.Whole(status, Answer.JSON, Body.EMPTY, Map.of("Allow", methods));
  }

  private static CompletableFuture<Answer> handle(
      Route route, Map<String, String> path, String query, HttpMessage message) {
    try {
      if (route.method().equals("POST")) {
        checkMediaType(message);
      }
      return route.handler().handle(new Request(path, parameters(route, query), message.body()));
    } catch (ProblemException e) {
      return done(e.problem().answer());
    }
  }

  private static void checkMediaType(HttpMessage message) throws ProblemException {
    String type = message.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    String encoding = message.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    if (!essence.equals(Answer.JSON) || !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE,
          "send Content-Type: application/json, without Content-Encoding");
    }
  }

  private static Map<String, String> parameters(Route route, String query) throws ProblemException {
    Map<String, String> parameters = new HashMap<>();
    if (query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = PercentText.text(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : PercentText.text(pair.substring(equals + 1));
      if (!route.parameters().contains(name)) {
        throw new ProblemException(
            ProblemType.MALFORMED_PARAMETER,
            "the query may have "
                + (route.parameters().isEmpty()
                    ? "no parameters"
                    : "the parameters " + new TreeSet<>(route.parameters()))
                + " here");
      }
      if (parameters.put(name, value) != null) {
        throw new ProblemException(
            ProblemType.MALFORMED_PARAMETER, "the parameter " + name + " stands twice");
      }
    }
    return parameters;
  }

  static CompletableFuture<Answer> done(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
