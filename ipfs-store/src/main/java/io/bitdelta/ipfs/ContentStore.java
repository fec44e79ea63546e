package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.block.StoreLock;
import io.bitdelta.ipfs.block.StoreUnwritableException;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.pin.GarbageCollector;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.Pins;
import io.bitdelta.ipfs.pin.PublicContent;
import io.bitdelta.ipfs.pin.Repair;
import io.bitdelta.ipfs.pin.Scrub;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.ipfs.tier.DaemonMirror;
import io.bitdelta.ipfs.tier.TierListener;
import io.bitdelta.ipfs.tier.WriteQueue;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import io.bitdelta.ipfs.unixfs.Folder;
import io.bitdelta.ipfs.unixfs.FolderImporter;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.ImportResult;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks and pins. Pins lie in a folder; blocks lie in the same folder, or where {@link StoreSettings} say. Adding the same
 * content again, also after a crash, gives the same identifier and the same state. Thread-safe, and several processes may
 * use one folder at the same time.
 */
public final class ContentStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final StoreLock lock;
    private final Composition tiers;
    private final Blockstore blocks;
    private final Pins pins;
    private final PublicContent published;
    private final AtomicLong mirrorAgain = new AtomicLong(System.nanoTime());

    private ContentStore(StoreLock lock, Composition tiers, Pins pins, InstantSource clock) {
        this.lock = lock;
        this.tiers = tiers;
        this.blocks = tiers.blocks();
        this.pins = pins;
        this.published = new PublicContent(blocks, pins, clock);
    }

    /** Opens or creates a store of files with the system's clock. */
    public static ContentStore open(Path folder) throws IOException {
        return open(folder, StoreSettings.EMBEDDED);
    }

    /** Opens or creates a store with the system's clock. */
    public static ContentStore open(Path folder, StoreSettings settings) throws IOException {
        return open(folder, settings, InstantSource.system(), TierListener.NONE);
    }

    /**
     * Opens or creates a store. A bucket must be there and reachable; a cache and a daemon need not be.
     *
     * @param clock compared with the file system's times only
     * @param listener hears what happens in the tiers
     * @throws io.bitdelta.ipfs.block.StoreUnwritableException if the folder cannot be created or written
     * @throws StoreLayoutException if the folder's pins are for blocks elsewhere than the settings say
     * @throws SecretUnreadableException if a secret is not where the settings say
     * @throws io.bitdelta.ipfs.tier.BucketTakenException if the bucket belongs to another store
     */
    public static ContentStore open(Path folder, StoreSettings settings, InstantSource clock, TierListener listener)
            throws IOException {
        try {
            Folders.create(folder);
        } catch (FileSystemException e) {
            throw StoreUnwritableException.of(folder, e);
        }
        Pins pins = Pins.open(folder.resolve("pins"));
        Composition tiers = Composition.open(folder, settings, pins, listener);
        return new ContentStore(StoreLock.of(folder.resolve(FileBlockstore.LOCK)), tiers, pins, clock);
    }

    /** Imports a file or a folder and pins it; when this returns, both are durable. Adding it again under the name changes nothing. */
    public ImportResult addFile(Path file, String name, Visibility visibility) throws IOException {
        return addFile(file, name, visibility, ImportProfile.UNIXFS_V1_2025, Hashing.PLAIN, Progress.NONE);
    }

    /** As {@link #addFile(Path, String, Visibility)}, with a profile, a way of hashing, and progress in bytes. */
    public ImportResult addFile(
            Path file, String name, Visibility visibility, ImportProfile profile, Hashing hashing, Progress progress)
            throws IOException {
        ImportResult result;
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            result = Files.isDirectory(file)
                    ? new FolderImporter(blocks, profile, hashing).importFolder(file, progress)
                    : new UnixFsImporter(blocks, profile, hashing).importFile(file, progress);
            pins.add(new Pin(result.root(), Pin.Kind.RECURSIVE, name, visibility));
        }
        mirror(result.root());
        return result;
    }

    /**
     * Imports an archive and pins its roots, which must be whole in it or in the store.
     *
     * @throws BlockNotFoundException if something under a root is missing; nothing was pinned
     */
    public List<Cid> importCar(InputStream archive, String name, Visibility visibility, Progress progress)
            throws IOException {
        try (StoreLock.Lease lease = lock.shared();
                BlockBatch batch = blocks.batch()) {
            Objects.requireNonNull(lease);
            CarReader reader = new CarReader(archive);
            for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
                batch.put(block.get());
                progress.done(block.get().size());
            }
            batch.commit();
            for (Cid root : reader.roots()) {
                pin(root, Pin.Kind.RECURSIVE, name, visibility);
            }
            return reader.roots();
        }
    }

    /** Writes everything under a root as an archive, each block once, and returns how many blocks there were. */
    public long exportCar(Cid root, OutputStream target, Progress progress) throws IOException {
        CarWriter writer = new CarWriter(target, List.of(root));
        long[] count = new long[1];
        CarSelection.ALL.walk(blocks, root, block -> {
            writer.write(block);
            count[0]++;
            progress.done(block.size());
        });
        return count[0];
    }

    /** As {@link #exportCar(Cid, OutputStream, Progress)}, into a file, whole or not at all. */
    public long exportCar(Cid root, Path target, Progress progress) throws IOException {
        long[] count = new long[1];
        WholeFile.write(target, out -> count[0] = exportCar(root, out, progress));
        return count[0];
    }

    /**
     * Writes a file or a folder with everything in it to a new path, whole or not at all; returns the files' bytes.
     *
     * @throws io.bitdelta.ipfs.unixfs.DagLimitException if it does not fit on the disk
     */
    public long fetchTree(Cid content, Path target) throws IOException {
        long[] bytes = new long[1];
        WholeFile.create(target, path -> {
            Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent());
            long free = Files.getFileStore(parent).getUsableSpace();
            bytes[0] = new Folder(blocks).write(content, path, free);
        });
        return bytes[0];
    }

    /**
     * Keeps bytes as one raw block and pins it.
     *
     * @param data at most {@link Block#MAX_BYTES} bytes; not changed afterwards
     */
    public Cid addRaw(byte[] data, String name, Visibility visibility) throws IOException {
        Block block = Block.raw(data);
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            blocks.put(block);
            pins.add(new Pin(block.cid(), Pin.Kind.RECURSIVE, name, visibility));
        }
        mirror(block.cid());
        return block.cid();
    }

    /**
     * Pins content that is in the store.
     *
     * @throws BlockNotFoundException if some of it is not; nothing was pinned
     */
    public void pin(Cid cid, Pin.Kind kind, String name, Visibility visibility) throws IOException {
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            if (kind == Pin.Kind.DIRECT) {
                requireStored(cid);
            } else {
                for (Cid each : new DagWalk(blocks, DagLimits.DEFAULT).closure(cid)) {
                    requireStored(each);
                }
            }
            pins.add(new Pin(cid, kind, name, visibility));
        }
        mirror(cid);
    }

    /** Sends new content on at once; where that fails, {@link #sync} does it later. */
    private void mirror(Cid cid) {
        DaemonMirror mirror = tiers.mirror();
        long start = System.nanoTime();
        if (mirror == null || start - mirrorAgain.get() < 0) {
            return;
        }
        try {
            mirror.send(cid);
        } catch (IOException e) {
            // A daemon that fails slowly must not slow down everything that is added.
            long end = System.nanoTime();
            mirrorAgain.set(end + Math.max(PAUSE_AFTER_FAILURE.toNanos(), 4 * (end - start)));
            LOG.warn("{} is kept here and not yet at {}: {}", cid, mirror.name(), e.getMessage());
        }
    }

    /**
     * Brings to the slower tiers what they have not got yet. The owner of a store with such tiers calls this from time to
     * time; failures are logged and counted, and the next call tries again.
     *
     * @return how many blocks and pins still wait
     */
    public int sync() throws IOException {
        int left = 0;
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            for (WriteQueue queue : tiers.queues()) {
                left += queue.drain();
            }
            DaemonMirror mirror = tiers.mirror();
            return mirror == null ? left : left + mirror.sync();
        }
    }

    /** As {@link #pin}, fetching what is missing first. A fetch that was cut off goes on where it stopped. */
    public void pinFrom(GatewayClient gateways, Cid cid, Pin.Kind kind, String name, Visibility visibility)
            throws IOException {
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            if (kind == Pin.Kind.DIRECT) {
                blocks.put(gateways.block(cid));
            } else {
                gateways.pull(cid, blocks, DagLimits.DEFAULT);
            }
            pin(cid, kind, name, visibility);
        }
    }

    private void requireStored(Cid cid) throws IOException {
        if (!blocks.has(cid)) {
            throw new BlockNotFoundException(cid, blocks.name());
        }
    }

    /** Writes a file's bytes, every block verified before it is written, and returns how many there were. */
    public long cat(Cid file, OutputStream target) throws IOException {
        return reader().copyTo(file, target);
    }

    /** Writes a file's bytes into {@code target}, whole or not at all, and returns how many there were. */
    public long fetch(Cid file, Path target) throws IOException {
        return fetch(file, target, Progress.NONE);
    }

    /** As {@link #fetch(Cid, Path)}, with progress in bytes. */
    public long fetch(Cid file, Path target, Progress progress) throws IOException {
        long[] bytes = new long[1];
        WholeFile.write(target, out -> bytes[0] = cat(file, new Counting(out, progress)));
        return bytes[0];
    }

    private static final class Counting extends FilterOutputStream {
        private final Progress progress;

        private Counting(OutputStream out, Progress progress) {
            super(out);
            this.progress = progress;
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            out.write(data, offset, length);
            progress.done(length);
        }
    }

    /** Reads ranges and sizes of stored files. */
    public UnixFsReader reader() {
        return new UnixFsReader(blocks);
    }

    /**
     * Reads every block where it is kept (not in caches), checks everything under every pin, and asks a daemon whether it
     * keeps the public pins.
     */
    public ScrubReport verify(Progress progress) throws IOException {
        ScrubReport report = Scrub.run(tiers.primary(), pins, progress);
        DaemonMirror mirror = tiers.mirror();
        return mirror == null ? report : report.with(unmirrored(mirror));
    }

    private static List<ScrubReport.Finding> unmirrored(DaemonMirror mirror) throws IOException {
        String reason = " does not keep it; 'store verify --repair' sends it again";
        List<Cid> missing;
        try {
            missing = mirror.check();
        } catch (ContentException e) {
            reason = " cannot be asked and has not confirmed it: " + e.getMessage();
            missing = mirror.waiting();
        }
        String detail = mirror.name() + reason;
        return missing.stream()
                .map(cid -> new ScrubReport.Finding(cid, ScrubReport.Problem.NOT_MIRRORED, cid + ": " + detail))
                .toList();
    }

    /**
     * Brings back what a scrub found damaged or missing, from the backups and from {@code others}, and sends to the
     * slower tiers what they lack. What is brought back may have links that are missing too: verify again.
     *
     * @return how many blocks were brought back and pins sent
     */
    public int repair(ScrubReport report, List<BlockSource> others) throws IOException {
        List<BlockSource> remotes = new ArrayList<>(tiers.backups());
        remotes.addAll(others);
        int repaired = Repair.run(tiers.primary(), report, remotes).size();
        DaemonMirror mirror = tiers.mirror();
        int before = mirror == null ? 0 : mirror.waiting().size();
        return before == 0 ? repaired : repaired + Math.max(0, before - sync());
    }

    /**
     * Removes what no pin keeps, after waiting up to {@code patience} for running imports. A daemon is told to unpin what
     * is no longer pinned publicly here; its blocks are its own to collect.
     */
    public GarbageCollector.Report gc(Duration patience) throws IOException {
        GarbageCollector.Report report = GarbageCollector.run(blocks, lock, pins, patience);
        if (tiers.mirror() != null) {
            int left = sync();
            LOG.debug("{} pins wait", left);
        }
        return report;
    }

    /** Whether the block hangs under a public pin. */
    public boolean isPublic(Cid cid) throws IOException {
        return published.isPublic(cid);
    }

    /** The store as strangers may see it; what a gateway serves. */
    public BlockSource published() {
        return published;
    }

    /** All blocks. */
    public Blockstore blocks() {
        return blocks;
    }

    /** All pins. */
    public Pins pins() {
        return pins;
    }

    /** Closes connections; files and pins need no closing. */
    @Override
    public void close() throws IOException {
        tiers.close();
    }
}
