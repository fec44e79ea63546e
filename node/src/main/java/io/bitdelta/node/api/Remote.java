package io.bitdelta.node.api;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** The other end of a connection. */
final class Remote {
    private Remote() {}

    /**
     * The client's address.
     *
     * @param behindProxy whether the last entry of X-Forwarded-For is by a proxy that is trusted; what stands before it is
     *     the client's own invention
     */
    static String address(HttpServerRequest request, boolean behindProxy) {
        String forwarded = behindProxy ? request.getHeader("X-Forwarded-For") : null;
        if (forwarded != null && !forwarded.isBlank()) {
            String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
            return last.length() > 64 ? last.substring(0, 64) : last;
        }
        return request.remoteAddress() == null
                ? "unknown"
                : String.valueOf(request.remoteAddress().hostAddress());
    }

    /** Who shares a rate limit: an IPv4 address, or a household's /64 of IPv6. */
    static String household(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.toLowerCase(Locale.ROOT).split(":", -1);
        StringBuilder prefix = new StringBuilder();
        for (int i = 0; i < Math.min(4, groups.length); i++) {
            if (groups[i].isEmpty()) {
                break;
            }
            prefix.append(groups[i]).append(':');
        }
        return prefix.append(":/64").toString();
    }
}
