package io.bitdelta.ipfs.car;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of a file's bytes, both ends inclusive; negative numbers count from the end.
 *
 * @param from the first byte
 * @param to the last byte; {@link Long#MAX_VALUE} for the end
 */
public record EntityRange(long from, long to) {
    /** The whole file. */
    public static final EntityRange WHOLE = new EntityRange(0, Long.MAX_VALUE);

    private static final Pattern TEXT = Pattern.compile("(-?\\d{1,18}):(\\*|-?\\d{1,18})");

    /**
     * Reads {@code from:to}, {@code to} being a number or {@code *}.
     *
     * @throws IllegalArgumentException if the text is not that
     */
    public static EntityRange parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("entity-bytes '" + text + "' is not from:to");
        }
        return new EntityRange(
                Long.parseLong(matcher.group(1)),
                matcher.group(2).equals("*") ? Long.MAX_VALUE : Long.parseLong(matcher.group(2)));
    }

    /** The first byte in a file of {@code size} bytes. */
    long first(long size) {
        return from < 0 ? Math.max(0, size + from) : from;
    }

    /** How many bytes of a file of {@code size} bytes are meant; 0 if none are. */
    long length(long size) {
        long last = Math.min(size - 1, to < 0 ? size + to : to);
        return Math.max(0, last - first(size) + 1);
    }
}
