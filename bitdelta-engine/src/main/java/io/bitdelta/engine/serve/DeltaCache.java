package io.bitdelta.engine.serve;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.ModelWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Deltas over one base, mapped and verified, by the hash of their bytes. The first use of a delta in a process reads and
 * hashes the whole file; later ones find it here. A delta that is in use is never unmapped: it is handed out as a
 * {@link Lease}, and the least recently used one without a lease goes when there are too many.
 */
public final class DeltaCache implements AutoCloseable {
    private final ModelWeights base;
    private final Hash32 baseHash;
    private final int capacity;
    private final Map<Hash32, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /** A delta, or the place of one that is being opened; opening one does not keep others waiting. */
    private static final class Slot {
        private @Nullable DeltaWeights delta;
        private int leases;

        Slot() {}

        synchronized DeltaWeights open(Path file, ModelWeights base, Hash32 baseHash, Hash32 fileHash)
                throws IOException {
            DeltaWeights opened = delta;
            if (opened == null) {
                opened = DeltaWeights.open(file, base, baseHash, fileHash);
                delta = opened;
            }
            return opened;
        }

        synchronized void close() {
            if (delta != null) {
                delta.close();
            }
        }
    }

    /**
     * An empty cache.
     *
     * @param base the model that all deltas change; stays open while the cache is used
     * @param baseHash its weights hash
     * @param capacity deltas that stay mapped without being used, at least 1
     */
    public DeltaCache(ModelWeights base, Hash32 baseHash, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a cache of " + capacity + " deltas");
        }
        this.base = base;
        this.baseHash = baseHash;
        this.capacity = capacity;
    }

    /**
     * Takes a delta; the caller closes the lease when it no longer uses it.
     *
     * @param fileHash which delta
     * @param file where its bytes are, read when it is not mapped yet
     * @throws io.bitdelta.engine.model.WrongDeltaException if the bytes are not those of {@code fileHash}
     * @throws io.bitdelta.engine.codec.BaseMismatchException if it is for another base
     * @throws IOException if reading fails
     */
    public Lease take(Hash32 fileHash, Path file) throws IOException {
        Slot slot;
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the cache is closed");
            }
            slot = slots.computeIfAbsent(fileHash, hash -> new Slot());
            slot.leases++;
            evict();
        }
        try {
            return new Lease(slot, slot.open(file, base, baseHash, fileHash));
        } catch (IOException | RuntimeException e) {
            abandon(fileHash, slot);
            throw e;
        }
    }

    private synchronized void abandon(Hash32 fileHash, Slot slot) {
        slot.leases--;
        if (slot.leases == 0) {
            slots.remove(fileHash, slot);
            slot.close();
        }
    }

    private void evict() {
        int excess = slots.size() - capacity;
        var entries = slots.values().iterator();
        while (excess > 0 && entries.hasNext()) {
            Slot slot = entries.next();
            if (slot.leases == 0) {
                entries.remove();
                slot.close();
                excess--;
            }
        }
    }

    /** Deltas that are mapped. */
    public synchronized int size() {
        return slots.size();
    }

    private synchronized void release(Slot slot) {
        slot.leases--;
        if (closed) {
            if (slot.leases == 0) {
                slot.close();
            }
        } else {
            evict();
        }
    }

    /** Unmaps every delta that is not in use; the others follow with their last lease. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            slots.values().stream().filter(slot -> slot.leases == 0).forEach(slot -> slot.close());
            slots.clear();
        }
    }

    /** A delta in use. */
    public final class Lease implements AutoCloseable {
        private final Slot slot;
        private final DeltaWeights delta;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(Slot slot, DeltaWeights delta) {
            this.slot = slot;
            this.delta = delta;
        }

        /** The delta; valid until the lease is closed. */
        public DeltaWeights delta() {
            if (released.get()) {
                throw new IllegalStateException("the lease was closed");
            }
            return delta;
        }

        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                release(slot);
            }
        }
    }
}
