package io.bitdelta.ipfs.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One byte range of a known length (RFC 9110, section 14).
 *
 * @param from the first byte
 * @param to the last byte, inclusive
 */
record ByteRange(long from, long to) {
    private static final Pattern HEADER = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    long length() {
        return to - from + 1;
    }

    /**
     * Reads a {@code Range} header. Several ranges, and anything malformed, mean the whole representation, as the RFC
     * allows.
     *
     * @return null for the whole representation
     * @throws Refusal 416 if the range lies behind the end
     */
    static @Nullable ByteRange parse(@Nullable String header, long length) throws Refusal {
        Matcher matcher = HEADER.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        long from;
        long to = length - 1;
        if (matcher.group(1).isEmpty()) {
            from = Math.max(0, length - Long.parseLong(matcher.group(2)));
        } else {
            from = Long.parseLong(matcher.group(1));
            if (!matcher.group(2).isEmpty()) {
                long last = Long.parseLong(matcher.group(2));
                if (last < from) {
                    return null;
                }
                to = Math.min(to, last);
            }
        }
        if (from > to) {
            throw new Refusal(416, "range '" + header + "' lies behind the end at " + length + " bytes");
        }
        return new ByteRange(from, to);
    }
}
