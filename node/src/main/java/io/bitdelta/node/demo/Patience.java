package io.bitdelta.node.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what a node does on its own: its index follows the chain, its auditor looks every now and then. */
final class Patience {
    private static final long AT_MOST = Duration.ofSeconds(60).toNanos();
    private static final long PAUSE = Duration.ofMillis(50).toNanos();

    private Patience() {}

    /**
     * The first value there is.
     *
     * @param what told when there is none in time
     */
    static <T> T await(String what, Supplier<Optional<T>> look) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < AT_MOST) {
            Optional<T> seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            LockSupport.parkNanos(PAUSE);
        }
        throw new IllegalStateException("waited %d s in vain for %s".formatted(AT_MOST / 1_000_000_000, what));
    }
}
