package io.bitdelta.node.lookup;

import io.bitdelta.node.chain.RpcRefusedException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many blocks are asked for at once: so many that an answer holds a few thousand events. Endpoints have limits of their
 * own that they do not tell, so a refusal halves the range.
 */
final class BlockRange {
    private static final Logger log = LoggerFactory.getLogger(BlockRange.class);
    private static final long FIRST = 64;
    private static final long MOST = 100_000;
    private static final int FULL = 8_000;
    private static final int SPARSE = 2_000;

    /** Answers after which a limit that an endpoint once had is tried again. */
    private static final int FORGIVE_AFTER = 64;

    private long blocks = FIRST;
    private long refused = MOST + 1;
    private int answers;

    long blocks() {
        return blocks;
    }

    /**
     * Reads a range of {@link #blocks} and learns from it.
     *
     * @param read gives the number of events, or nothing when it has to be done again
     * @return whether it was read
     * @throws RpcRefusedException when the endpoint refuses a single block
     */
    boolean attempt(Supplier<Optional<Integer>> read) {
        try {
            Optional<Integer> events = read.get();
            events.ifPresent(this::learn);
            return events.isPresent();
        } catch (RpcRefusedException tooMuch) {
            if (blocks == 1) {
                throw tooMuch;
            }
            refused = blocks;
            answers = 0;
            blocks = Math.max(1, blocks / 2);
            log.info("asking for {} blocks at a time from now on: {}", blocks, tooMuch.getMessage());
            return false;
        }
    }

    /** Grows below what was once refused, shrinks when answers get big. */
    private void learn(int events) {
        if (++answers % FORGIVE_AFTER == 0) {
            refused = Math.min(MOST + 1, refused * 2);
        }
        if (events > FULL) {
            blocks = Math.max(1, blocks / 2);
        } else if (events < SPARSE) {
            long doubled = Math.min(MOST, blocks * 2);
            blocks = doubled < refused ? doubled : blocks;
        }
    }
}
