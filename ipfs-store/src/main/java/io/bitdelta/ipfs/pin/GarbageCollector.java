package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.StoreLock;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes what no pin keeps. It runs alone: an import holds a shared lease of the store's lock from its first block to
 * its pin, in whatever process, and the collector waits for an exclusive one.
 */
public final class GarbageCollector {
    private GarbageCollector() {}

    /**
     * What was removed and kept.
     *
     * @param removed blocks
     * @param bytes of them
     * @param kept blocks
     */
    public record Report(long removed, long bytes, long kept) {}

    /**
     * Collects once.
     *
     * @param lock of the store; imports hold shared leases of it
     * @param patience how long to wait for running imports
     * @throws StoreBusyException if imports kept running; nothing was removed
     * @throws io.bitdelta.ipfs.ContentException if a pinned DAG cannot be walked, because what it needs is then unknown;
     *     nothing was removed
     */
    public static Report run(Blockstore store, StoreLock lock, Pins pins, Duration patience) throws IOException {
        try (StoreLock.Lease lease = lock.exclusive(patience)) {
            if (lease == null) {
                throw new StoreBusyException(store.name(), patience);
            }
            Set<Cid> kept = marked(store, pins);
            List<Cid> all;
            try (Stream<Cid> cids = store.cids()) {
                all = cids.toList();
            }
            long removed = 0;
            long bytes = 0;
            for (Cid cid : all) {
                if (!kept.contains(cid)) {
                    OptionalLong size = store.delete(cid);
                    if (size.isPresent()) {
                        removed++;
                        bytes += size.getAsLong();
                    }
                }
            }
            return new Report(removed, bytes, all.size() - removed);
        }
    }

    private static Set<Cid> marked(Blockstore store, Pins pins) throws IOException {
        Set<Cid> kept = new HashSet<>();
        DagWalk walk = new DagWalk(store, DagLimits.DEFAULT);
        for (Pin pin : pins.all()) {
            if (pin.kind() == Pin.Kind.DIRECT) {
                kept.add(pin.cid());
            }
        }
        // Blocks pinned directly must not cut short the walk of a recursive pin that contains them.
        Set<Cid> walked = new HashSet<>();
        for (Pin pin : pins.all()) {
            if (pin.kind() == Pin.Kind.RECURSIVE) {
                walk.closure(pin.cid(), walked, (cid, failure) -> {
                    throw failure;
                });
            }
        }
        kept.addAll(walked);
        return kept;
    }
}
