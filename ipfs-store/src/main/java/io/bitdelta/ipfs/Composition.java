package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.BoundedBlockstore;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.ipfs.block.StoreUnwritableException;
import io.bitdelta.ipfs.kubo.KuboBlockstore;
import io.bitdelta.ipfs.kubo.KuboClient;
import io.bitdelta.ipfs.pin.Pins;
import io.bitdelta.ipfs.tier.DaemonMirror;
import io.bitdelta.ipfs.tier.S3Blockstore;
import io.bitdelta.ipfs.tier.TierListener;
import io.bitdelta.ipfs.tier.TieredBlockstore;
import io.bitdelta.ipfs.tier.WriteQueue;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens the tiers that settings ask for, and closes them, last first. */
final class Composition implements AutoCloseable {
    private static final int TRIES = 4;
    private static final long MEMORY_CACHE_BYTES = 32L << 20;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Blockstore> caches = new ArrayList<>();
    private final List<BlockSource> backups = new ArrayList<>();
    private final List<WriteQueue> queues = new ArrayList<>();
    private final TierListener listener;
    private final Blockstore primary;
    private final Blockstore blocks;
    private final @Nullable DaemonMirror mirror;

    private Composition(Path folder, StoreSettings settings, Pins pins, TierListener listener) throws IOException {
        this.listener = listener;
        try {
            StoreSettings.Daemon daemon =
                    switch (settings) {
                        case StoreSettings.Embedded embedded -> null;
                        case StoreSettings.Kubo kubo -> kubo.daemon();
                        case StoreSettings.ObjectStore objects -> objects.daemon();
                    };
            this.primary = switch (settings) {
                case StoreSettings.Embedded embedded -> files(folder, embedded.limits());
                case StoreSettings.Kubo kubo -> files(folder, kubo.limits());
                case StoreSettings.ObjectStore objects -> objects(folder, objects);
            };
            KuboClient client = daemon == null ? null : Connections.daemon(daemon, TRIES);
            if (daemon != null) {
                // A read that finds nothing anywhere must not be tried again and again at a daemon that is away.
                backups.add(new KuboBlockstore(Connections.daemon(daemon, 1)));
            }
            boolean alone = caches.isEmpty() && backups.isEmpty() && listener == TierListener.NONE;
            this.blocks = alone ? primary : new TieredBlockstore(caches, primary, backups, queues, listener);
            this.mirror = daemon == null || client == null
                    ? null
                    : new DaemonMirror(folder.resolve("mirror"), pins, blocks, daemon.api(), client, listener);
        } catch (IOException | RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    static Composition open(Path folder, StoreSettings settings, Pins pins, TierListener listener) throws IOException {
        return new Composition(folder, settings, pins, listener);
    }

    private static Blockstore files(Path folder, StoreLimits limits) throws IOException {
        try {
            Layout.of(folder, Layout.FILES);
        } catch (FileSystemException e) {
            throw StoreUnwritableException.of(folder, e);
        }
        return FileBlockstore.open(folder, limits);
    }

    private Blockstore objects(Path folder, StoreSettings.ObjectStore settings) throws IOException {
        StoreSettings.Bucket place = settings.bucket();
        Layout layout = Layout.of(folder, place.place());
        S3Blockstore bucket = Connections.bucket(place, opened::push);
        bucket.claim(layout.id());
        caches.add(new BoundedBlockstore(MEMORY_CACHE_BYTES));
        StoreSettings.Cache cache = settings.cache();
        if (cache != null) {
            caches.add(Connections.cache(cache, opened::push));
        }
        Path backup = settings.backup();
        if (backup != null) {
            FileBlockstore copies = FileBlockstore.open(backup);
            backups.add(copies);
            queues.add(new WriteQueue(folder.resolve("queue"), bucket, copies, listener));
        }
        return bucket;
    }

    /** Where a write is acknowledged, and what a scrub reads. */
    Blockstore primary() {
        return primary;
    }

    /** All tiers together. */
    Blockstore blocks() {
        return blocks;
    }

    /** Places that may have what the primary lost. */
    List<BlockSource> backups() {
        return List.copyOf(backups);
    }

    List<WriteQueue> queues() {
        return List.copyOf(queues);
    }

    @Nullable
    DaemonMirror mirror() {
        return mirror;
    }

    private void closeAfter(Exception failed) {
        try {
            close();
        } catch (IOException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                IOException failure = e instanceof IOException io ? io : new IOException(e);
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
