package io.bitdelta.node.lookup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the chain's order of events; as text, the cursor of a page.
 *
 * @param block height
 * @param logIndex number of the log in the block
 */
public record ChainPosition(long block, int logIndex) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})-([0-9]{1,9})");

    /** Before everything. */
    public static final ChainPosition START = new ChainPosition(-1, -1);

    /** Reads a cursor; empty when the text is none. */
    public static Optional<ChainPosition> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new ChainPosition(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return block + "-" + logIndex;
    }
}
