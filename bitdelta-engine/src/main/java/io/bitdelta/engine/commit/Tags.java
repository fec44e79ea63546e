package io.bitdelta.engine.commit;

import java.nio.charset.StandardCharsets;

/** Domain separation: {@code T(x) = H("bitdelta." + x + ".v1")} (FORMATS, notation). */
public final class Tags {
    private Tags() {}

    /** The tag of a domain, e.g. {@code leaf}. */
    public static Hash32 tag(String name) {
        return Keccak256.hash(("bitdelta." + name + ".v1").getBytes(StandardCharsets.UTF_8));
    }
}
