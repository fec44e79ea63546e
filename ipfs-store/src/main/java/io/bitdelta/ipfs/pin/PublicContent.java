package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store as strangers see it: only blocks under public pins exist.
 *
 * <p>The set of those blocks is kept in memory (about 150 bytes per block) and built again when the pins' folder has
 * changed. A folder's time has a granularity, so a set built within {@link #SETTLING} of a change is not believed later.
 */
public final class PublicContent implements BlockSource {
    private static final Logger LOG = LoggerFactory.getLogger(PublicContent.class);
    private static final Duration SETTLING = Duration.ofMillis(100);

    private record Snapshot(FileTime pinsChanged, boolean settled, Set<Cid> cids) {}

    private final BlockSource store;
    private final Pins pins;
    private final InstantSource clock;
    private volatile Snapshot snapshot = new Snapshot(FileTime.fromMillis(0), false, Set.of());

    /** A view of {@code store}; the clock is compared with the file system's times. */
    public PublicContent(BlockSource store, Pins pins, InstantSource clock) {
        this.store = store;
        this.pins = pins;
        this.clock = clock;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        return isPublic(cid) ? store.get(cid) : Optional.empty();
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return isPublic(cid) && store.has(cid);
    }

    @Override
    public String name() {
        return "public content";
    }

    /** Whether the block hangs under a public pin. Inlined data is its own and always public. */
    public boolean isPublic(Cid cid) throws IOException {
        return cid.isIdentity() || current().contains(cid.toV1());
    }

    private Set<Cid> current() throws IOException {
        Snapshot known = snapshot;
        if (known.settled && known.pinsChanged.equals(pins.changed())) {
            return known.cids;
        }
        return rebuild();
    }

    private synchronized Set<Cid> rebuild() throws IOException {
        FileTime before = pins.changed();
        if (snapshot.settled && snapshot.pinsChanged.equals(before)) {
            return snapshot.cids;
        }
        boolean settled = clock.instant().isAfter(before.toInstant().plus(SETTLING));
        Set<Cid> cids = new HashSet<>();
        DagWalk walk = new DagWalk(store, DagLimits.DEFAULT);
        for (Pin pin : pins.all()) {
            if (pin.visibility() == Visibility.PUBLIC) {
                if (pin.kind() == Pin.Kind.DIRECT) {
                    cids.add(pin.cid());
                } else {
                    walk.closure(
                            pin.cid(),
                            cids,
                            (cid, failure) -> LOG.warn("public pin {}: {}", pin.cid(), failure.getMessage()));
                }
            }
        }
        snapshot = new Snapshot(before, settled, Set.copyOf(cids));
        return snapshot.cids;
    }
}
