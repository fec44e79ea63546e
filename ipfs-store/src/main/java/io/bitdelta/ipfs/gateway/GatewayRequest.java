package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.car.CarScope;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.EntityRange;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param root where the path starts
 * @param segments the path below it
 * @param format raw block or archive
 * @param selection what an archive holds
 */
record GatewayRequest(Cid root, List<String> segments, ResponseFormat format, CarSelection selection) {
    private static final int MAX_SEGMENTS = 256;

    /** The path in the form of the {@code X-Ipfs-Path} header. */
    String path() {
        return "/ipfs/" + root + (segments.isEmpty() ? "" : "/" + String.join("/", segments));
    }

    /**
     * Reads a request.
     *
     * @throws Refusal 400 or 406
     */
    static GatewayRequest parse(HttpServerRequest request) throws Refusal {
        String path = request.path();
        List<String> segments = segments(path.substring(path.indexOf("/ipfs/") + "/ipfs/".length()));
        Cid root = cid(segments.removeFirst());
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        ResponseFormat format = ResponseFormat.choose(request.getParam("format"), accept);
        CarSelection selection =
                format == ResponseFormat.CAR ? selection(request, parameters(accept)) : CarSelection.ALL;
        return new GatewayRequest(root, List.copyOf(segments), format, selection);
    }

    private static List<String> segments(String path) throws Refusal {
        List<String> segments = new ArrayList<>();
        for (String each : path.split("/", -1)) {
            if (!each.isEmpty() || segments.isEmpty()) {
                segments.add(decoded(each));
            }
            if (segments.size() > MAX_SEGMENTS) {
                throw new Refusal(400, "a path of more than " + MAX_SEGMENTS + " segments");
            }
        }
        return segments;
    }

    private static String decoded(String segment) throws Refusal {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "path segment '" + segment + "' is not percent-encoded text");
        }
    }

    private static Cid cid(String text) throws Refusal {
        try {
            return Cid.parse(text);
        } catch (InvalidCidException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    /** The parameters of the archive's media type in an {@code Accept} header. */
    private static Map<String, String> parameters(@Nullable String accept) {
        Map<String, String> parameters = new HashMap<>();
        for (String each : (accept == null ? "" : accept).split(",", -1)) {
            String[] parts = each.split(";", -1);
            if (parts[0].strip().toLowerCase(Locale.ROOT).equals(ResponseFormat.CAR.mediaType())) {
                for (String part : parts) {
                    String[] pair = part.split("=", 2);
                    if (pair.length == 2) {
                        parameters.put(pair[0].strip().toLowerCase(Locale.ROOT), pair[1].strip());
                    }
                }
                return parameters;
            }
        }
        return parameters;
    }

    private static CarSelection selection(HttpServerRequest request, Map<String, String> accepted) throws Refusal {
        require("version", parameter(request, "car-version", accepted.get("version")), "1");
        require("order", parameter(request, "car-order", accepted.get("order")), "dfs", "unk");
        String dups = require("dups", parameter(request, "car-dups", accepted.get("dups")), "n", "y");
        String bytes = request.getParam("entity-bytes");
        String scope = require(
                "dag-scope",
                parameter(request, "dag-scope", bytes == null ? null : "entity"),
                "all",
                "entity",
                "block");
        try {
            return new CarSelection(
                    CarScope.valueOf(scope.toUpperCase(Locale.ROOT)),
                    bytes == null ? EntityRange.WHOLE : EntityRange.parse(bytes),
                    dups.equals("y"));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String parameter(HttpServerRequest request, String name, @Nullable String otherwise) {
        String value = request.getParam(name);
        return value == null ? otherwise : value;
    }

    /** The value, or the first allowed one where there is none. */
    private static String require(String name, @Nullable String value, String... allowed) throws Refusal {
        if (value == null) {
            return allowed[0];
        }
        for (String each : allowed) {
            if (each.equals(value)) {
                return value;
            }
        }
        throw new Refusal(400, name + "=" + value + " is not served; " + String.join(", ", allowed) + " are");
    }
}
