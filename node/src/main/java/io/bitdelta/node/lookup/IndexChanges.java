package io.bitdelta.node.lookup;

import static io.bitdelta.node.store.Schema.BLOCK_NUMBER;
import static io.bitdelta.node.store.Schema.CHAIN_BLOCK;
import static io.bitdelta.node.store.Schema.DELTA;
import static io.bitdelta.node.store.Schema.HASH;
import static io.bitdelta.node.store.Schema.IDENTITY;
import static io.bitdelta.node.store.Schema.IDENTITY_EVENT;
import static io.bitdelta.node.store.Schema.NUMBER;
import static io.bitdelta.node.store.Schema.REVOCATION;
import static io.bitdelta.node.store.Schema.TIME_S;

import io.bitdelta.node.store.Database;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * Which identities the index's newest blocks touched, so that an answer about one of them can be kept until then.
 *
 * <p>It looks at the database and not at what this process indexed, because on a shared one another node may have been
 * faster. While the block of the last look stands, the identities that later blocks name are all that changed; when a reorg
 * took it back, or it is too old to be kept, everything may have. Thread-safe.
 */
public final class IndexChanges {
    /** More identities than this at once are told as everything. */
    static final int MOST = 10_000;

    private static final List<Table<Record>> ABOUT_IDENTITIES = List.of(IDENTITY_EVENT, DELTA, REVOCATION);

    private final Database database;
    private final LongSupplier nanos;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile long time;
    private volatile long looked;
    private @Nullable Seen last;

    private record Seen(long number, String hash) {}

    /** Hears of changes after they are committed; called by whoever looks. */
    public interface Listener {
        /** What the index says of these identities (0x-hex, lowercase) may have changed. */
        void touched(Set<String> identities);

        /** What it says of anyone may have. */
        void everything();
    }

    /** @param database that an indexer writes */
    public IndexChanges(Database database) {
        this(database, System::nanoTime);
    }

    /** @param nanos a clock that never goes back */
    public IndexChanges(Database database, LongSupplier nanos) {
        this.database = database;
        this.nanos = nanos;
        this.looked = nanos.getAsLong();
    }

    /** Tells {@code listener} of every change from now on. */
    public void tell(Listener listener) {
        listeners.add(listener);
    }

    /** The newest indexed block's time as of the last look, Unix seconds; 0 before the first. */
    public long time() {
        return time;
    }

    /** Nanoseconds since the last look: what was kept all the while may be out of date. */
    public long sinceLook() {
        return nanos.getAsLong() - looked;
    }

    /** Compares the index with the last look, and tells what changed. */
    public synchronized void look() {
        long now = nanos.getAsLong();
        tell();
        looked = now;
    }

    private void tell() {
        Record newest = database.reads()
                .select(NUMBER, HASH, TIME_S)
                .from(CHAIN_BLOCK)
                .orderBy(NUMBER.desc())
                .limit(1)
                .fetchOne();
        Seen now = newest == null ? null : new Seen(newest.get(NUMBER), newest.get(HASH));
        Seen before = last;
        if (now != null && now.equals(before)) {
            return;
        }
        time = newest == null ? 0 : newest.get(TIME_S);
        if (before == null || now == null || !stands(before)) {
            listeners.forEach(Listener::everything);
        } else {
            tellTouched(before.number());
        }
        last = now;
    }

    private boolean stands(Seen block) {
        return database.reads()
                .fetchExists(CHAIN_BLOCK, NUMBER.eq(block.number()).and(HASH.eq(block.hash())));
    }

    private void tellTouched(long after) {
        Set<String> identities = new HashSet<>();
        for (Table<Record> table : ABOUT_IDENTITIES) {
            identities.addAll(database.reads()
                    .selectDistinct(IDENTITY)
                    .from(table)
                    .where(BLOCK_NUMBER.gt(after))
                    .limit(MOST + 1)
                    .fetchSet(IDENTITY));
        }
        if (identities.size() > MOST) {
            listeners.forEach(Listener::everything);
        } else if (!identities.isEmpty()) {
            Set<String> touched = Set.copyOf(identities);
            listeners.forEach(listener -> listener.touched(touched));
        }
    }
}
