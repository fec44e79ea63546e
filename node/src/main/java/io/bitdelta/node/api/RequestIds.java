package io.bitdelta.node.api;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of requests: a caller's own where it is harmless, else one that no other request of this node has. */
final class RequestIds {
    static final String HEADER = "X-Request-Id";

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String prefix;
    private final AtomicLong next = new AtomicLong();

    RequestIds(SecureRandom random) {
        this.prefix = Integer.toHexString(random.nextInt() | 0x1000_0000) + "-";
    }

    String of(@Nullable String callers) {
        return callers != null && HARMLESS.matcher(callers).matches()
                ? callers
                : prefix + Long.toString(next.incrementAndGet(), Character.MAX_RADIX);
    }
}
