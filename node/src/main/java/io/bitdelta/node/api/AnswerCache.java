package io.bitdelta.node.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bitdelta.node.lookup.IndexChanges;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers about identities, as bytes, until the index or the time makes them untrue: a block that touches the identity voids
 * its answers and nobody else's, a reorg voids all, and a delegate that ends by itself voids the answer at that second.
 * Thread-safe; finding never blocks.
 *
 * <p>Memory is bounded by the bytes held; what was asked for least goes first.
 */
public final class AnswerCache implements IndexChanges.Listener {
    /** Enough for a hundred thousand identities' documents; a small machine's heap gives less. */
    private static final long MOST_BYTES =
            Math.min(192L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final int LARGEST = 64 << 10;

    /** Nobody looks at the index any more, or the database is away: better slow than wrong. */
    private static final long BLIND_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Keys, references and headers of an entry, about. */
    private static final int OVERHEAD = 300;

    private final List<String> forms;
    private final IndexChanges changes;
    private final Clock clock;
    private final Cache<Key, Entry> entries;
    private final AtomicLong generation = new AtomicLong();
    private final AtomicLong epoch = new AtomicLong();

    private record Key(String identity, String form) {}

    private record Entry(Reply reply, int bytes, long goodUntil, long epoch) {}

    /**
     * No answers yet; hears of changes from now on.
     *
     * @param changes of the index that answers are made from
     * @param forms names of the answers that one identity has, such as media types
     */
    public AnswerCache(IndexChanges changes, Clock clock, List<String> forms) {
        this(changes, clock, forms, MOST_BYTES);
    }

    AnswerCache(IndexChanges changes, Clock clock, List<String> forms, long mostBytes) {
        this.forms = List.copyOf(forms);
        this.changes = changes;
        this.clock = clock;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((Key key, Entry entry) -> OVERHEAD + entry.bytes())
                .build();
        changes.tell(this);
    }

    /**
     * An answer that still holds.
     *
     * @param identity 0x-hex, lowercase
     */
    public Optional<Reply> find(String identity, String form) {
        Entry entry = entries.getIfPresent(new Key(identity, form));
        return entry == null
                        || entry.epoch() != epoch.get()
                        || now() >= entry.goodUntil()
                        || changes.sinceLook() > BLIND_NANOS
                ? Optional.empty()
                : Optional.of(entry.reply());
    }

    /** What {@link #keep} needs to tell whether the index changed; ask before the index is read. */
    public long asOf() {
        return generation.get();
    }

    /**
     * Keeps an answer of JSON or bytes, unless the index has changed since it was read.
     *
     * @param asOf from {@link #asOf}
     * @param goodUntil Unix seconds from which the answer is another one without any event
     */
    public void keep(String identity, String form, long asOf, Reply answer, long goodUntil) {
        if (!forms.contains(form)) {
            throw new IllegalArgumentException("%s is none of %s".formatted(form, forms));
        }
        Reply reply = answer.rendered();
        if (!(reply.body() instanceof Reply.Bytes bytes)
                || bytes.content().length > LARGEST
                || asOf != generation.get()) {
            return;
        }
        Key key = new Key(identity, form);
        Entry entry = new Entry(reply, bytes.content().length, goodUntil, epoch.get());
        // A change counts up before it removes, and a removal waits for this: it sees the entry, or this sees the
        // count.
        entries.asMap().compute(key, (same, before) -> asOf == generation.get() ? entry : before);
    }

    /** As the chain and this machine's clock go: documents are made as of the later one. */
    private long now() {
        return Math.max(changes.time(), Math.floorDiv(clock.millis(), 1000L));
    }

    @Override
    public void touched(Set<String> identities) {
        generation.incrementAndGet();
        entries.invalidateAll(identities.stream()
                .flatMap(identity -> forms.stream().map(form -> new Key(identity, form)))
                .toList());
    }

    @Override
    public void everything() {
        generation.incrementAndGet();
        // Clearing does not wait for what is being put: an entry of an earlier epoch is void wherever it lands.
        epoch.incrementAndGet();
        entries.invalidateAll();
    }

    /** Bytes held, about. */
    long bytes() {
        entries.cleanUp();
        Collection<Entry> all = entries.asMap().values();
        return all.stream().mapToLong(entry -> OVERHEAD + entry.bytes()).sum();
    }
}
