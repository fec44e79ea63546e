package io.bitdelta.node.api.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the operation of a path; written segments win over parameters. Thread-safe once built. */
public final class RouteTable {
    private final Node root = new Node();

    /** Outcome of a search. */
    public sealed interface Found {}

    /**
     * An operation.
     *
     * @param values of the path's parameters in the order of the template, still percent-encoded
     */
    public record Match(Endpoint endpoint, List<String> values) implements Found {}

    /**
     * The path is known, the method is not.
     *
     * @param allowed methods
     */
    public record OtherMethods(Set<String> allowed) implements Found {}

    /** No such path. */
    public record NoPath() implements Found {}

    private static final class Node {
        final Map<String, Node> written = new HashMap<>();

        @Nullable
        Node parameter;

        final Map<String, Endpoint> methods = new HashMap<>();
    }

    RouteTable(List<Endpoint> endpoints) {
        for (Endpoint endpoint : endpoints) {
            Node node = root;
            for (String segment : segments(endpoint.template())) {
                if (segment.startsWith("{")) {
                    node.parameter = node.parameter == null ? new Node() : node.parameter;
                    node = node.parameter;
                } else {
                    node = node.written.computeIfAbsent(segment, absent -> new Node());
                }
            }
            if (node.methods.put(endpoint.method(), endpoint) != null) {
                throw new ContractException("two operations for " + endpoint.method() + " " + endpoint.template());
            }
        }
    }

    /**
     * The operation of a request.
     *
     * @param method uppercase; HEAD finds what GET finds
     * @param path as it came, percent-encoded, without the query
     */
    public Found find(String method, String path) {
        List<String> values = new ArrayList<>(2);
        Node node = walk(root, segments(path), 0, values);
        if (node == null) {
            return new NoPath();
        }
        Endpoint endpoint = node.methods.get(method.equals("HEAD") ? "GET" : method);
        if (endpoint == null) {
            Set<String> allowed = new TreeSet<>(node.methods.keySet());
            if (allowed.contains("GET")) {
                allowed.add("HEAD");
            }
            return new OtherMethods(allowed);
        }
        return new Match(endpoint, values);
    }

    private static @Nullable Node walk(Node node, List<String> segments, int at, List<String> values) {
        if (at == segments.size()) {
            return node.methods.isEmpty() ? null : node;
        }
        Node written = node.written.get(segments.get(at));
        if (written != null) {
            Node found = walk(written, segments, at + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null || segments.get(at).isEmpty()) {
            return null;
        }
        int before = values.size();
        values.add(segments.get(at));
        Node found = walk(node.parameter, segments, at + 1, values);
        if (found == null) {
            values.subList(before, values.size()).clear();
        }
        return found;
    }

    private static List<String> segments(String path) {
        return Arrays.asList((path.startsWith("/") ? path.substring(1) : path).split("/", -1));
    }
}
