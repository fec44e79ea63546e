package io.bitdelta.node.api.did;

import io.bitdelta.node.api.Reply;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Answers that were given lately, as bytes. All of them are forgotten when the index changes, and each after a while,
 * because a delegate or attribute that ends by itself changes a document without any event. Thread-safe, never blocks.
 */
final class RenderedDocuments {
    /** Enough for a hundred thousand identities in both representations' usual mix, at about 1 KiB each. */
    private static final int MOST = 131_072;

    private static final int LARGEST = 4096;

    private final LongSupplier generation;
    private final LongSupplier nanos;
    private final long freshNanos;
    private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong held = new AtomicLong(Long.MIN_VALUE);

    private record Key(String did, String representation) {}

    private record Entry(Reply reply, long since) {}

    /**
     * No answers yet.
     *
     * @param generation changes whenever the index does
     * @param freshNanos how long an answer is good at most
     */
    RenderedDocuments(LongSupplier generation, LongSupplier nanos, long freshNanos) {
        this.generation = generation;
        this.nanos = nanos;
        this.freshNanos = freshNanos;
    }

    Optional<Reply> find(String did, String representation) {
        if (held.get() != generation.getAsLong()) {
            return Optional.empty();
        }
        Entry entry = entries.get(new Key(did, representation));
        return entry == null || nanos.getAsLong() - entry.since() > freshNanos
                ? Optional.empty()
                : Optional.of(entry.reply());
    }

    /** The generation as of which an answer is about to be made; hand it to {@link #keep}. */
    long before() {
        return generation.getAsLong();
    }

    /**
     * Keeps an answer, unless the index has changed since.
     *
     * @param asOf from {@link #before}, called before the index was read
     */
    void keep(String did, String representation, long asOf, Reply reply, int bytes) {
        if (bytes > LARGEST || asOf != generation.getAsLong()) {
            return;
        }
        long before = held.get();
        if (before != asOf && held.compareAndSet(before, asOf)) {
            entries.clear();
        }
        if (entries.size() >= MOST) {
            entries.clear();
        }
        entries.put(new Key(did, representation), new Entry(reply, nanos.getAsLong()));
    }
}
