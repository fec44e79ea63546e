package io.bitdelta.ipfs;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.FileBlockstore;
import io.bitdelta.ipfs.block.StoreLimits;
import io.bitdelta.ipfs.block.StoreLock;
import io.bitdelta.ipfs.car.CarReader;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.disk.WholeFile;
import io.bitdelta.ipfs.gateway.GatewayClient;
import io.bitdelta.ipfs.pin.GarbageCollector;
import io.bitdelta.ipfs.pin.Pin;
import io.bitdelta.ipfs.pin.Pins;
import io.bitdelta.ipfs.pin.PublicContent;
import io.bitdelta.ipfs.pin.Scrub;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import io.bitdelta.ipfs.unixfs.Folder;
import io.bitdelta.ipfs.unixfs.FolderImporter;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import io.bitdelta.ipfs.unixfs.ImportResult;
import io.bitdelta.ipfs.unixfs.UnixFsImporter;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A folder of blocks and pins. Adding the same content again, also after a crash, gives the same identifier and the same
 * state. Thread-safe, and several processes may use one folder at the same time.
 */
public final class ContentStore {
    private final FileBlockstore blocks;
    private final Pins pins;
    private final PublicContent published;

    private ContentStore(FileBlockstore blocks, Pins pins, InstantSource clock) {
        this.blocks = blocks;
        this.pins = pins;
        this.published = new PublicContent(blocks, pins, clock);
    }

    /** Opens or creates a store with {@link StoreLimits#DEFAULT} and the system's clock. */
    public static ContentStore open(Path folder) throws IOException {
        return open(folder, StoreLimits.DEFAULT, InstantSource.system());
    }

    /**
     * Opens or creates a store.
     *
     * @param clock compared with the file system's times only
     * @throws io.bitdelta.ipfs.block.StoreUnwritableException if the folder cannot be created or written
     */
    public static ContentStore open(Path folder, StoreLimits limits, InstantSource clock) throws IOException {
        FileBlockstore blocks = FileBlockstore.open(folder, limits);
        return new ContentStore(blocks, Pins.open(folder.resolve("pins")), clock);
    }

    /** Imports a file or a folder and pins it; when this returns, both are durable. Adding it again under the name changes nothing. */
    public ImportResult addFile(Path file, String name, Visibility visibility) throws IOException {
        return addFile(file, name, visibility, ImportProfile.UNIXFS_V1_2025, 1, Progress.NONE);
    }

    /** As {@link #addFile(Path, String, Visibility)}, with a profile, {@code threads} that hash, and progress in bytes. */
    public ImportResult addFile(
            Path file, String name, Visibility visibility, ImportProfile profile, int threads, Progress progress)
            throws IOException {
        try (StoreLock.Lease lease = blocks.lock().shared()) {
            Objects.requireNonNull(lease);
            ImportResult result = Files.isDirectory(file)
                    ? new FolderImporter(blocks, profile, threads).importFolder(file, progress)
                    : new UnixFsImporter(blocks, profile, threads).importFile(file, progress);
            pins.add(new Pin(result.root(), Pin.Kind.RECURSIVE, name, visibility));
            return result;
        }
    }

    /**
     * Imports an archive and pins its roots, which must be whole in it or in the store.
     *
     * @throws BlockNotFoundException if something under a root is missing; nothing was pinned
     */
    public List<Cid> importCar(InputStream archive, String name, Visibility visibility, Progress progress)
            throws IOException {
        try (StoreLock.Lease lease = blocks.lock().shared();
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

    /** Writes a file or a folder with everything in it to a new path, whole or not at all; returns the files' bytes. */
    public long fetchTree(Cid content, Path target) throws IOException {
        long[] bytes = new long[1];
        WholeFile.create(target, path -> bytes[0] = new Folder(blocks).write(content, path));
        return bytes[0];
    }

    /**
     * Keeps bytes as one raw block and pins it.
     *
     * @param data at most {@link Block#MAX_BYTES} bytes; not changed afterwards
     */
    public Cid addRaw(byte[] data, String name, Visibility visibility) throws IOException {
        try (StoreLock.Lease lease = blocks.lock().shared()) {
            Objects.requireNonNull(lease);
            Block block = Block.raw(data);
            blocks.put(block);
            pins.add(new Pin(block.cid(), Pin.Kind.RECURSIVE, name, visibility));
            return block.cid();
        }
    }

    /**
     * Pins content that is in the store.
     *
     * @throws BlockNotFoundException if some of it is not; nothing was pinned
     */
    public void pin(Cid cid, Pin.Kind kind, String name, Visibility visibility) throws IOException {
        try (StoreLock.Lease lease = blocks.lock().shared()) {
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
    }

    /** As {@link #pin}, fetching what is missing first. A fetch that was cut off goes on where it stopped. */
    public void pinFrom(GatewayClient gateways, Cid cid, Pin.Kind kind, String name, Visibility visibility)
            throws IOException {
        try (StoreLock.Lease lease = blocks.lock().shared()) {
            Objects.requireNonNull(lease);
            if (kind == Pin.Kind.DIRECT) {
                blocks.put(gateways.block(cid));
            } else {
                gateways.pull(cid, blocks, DagLimits.DEFAULT);
            }
            pin(cid, kind, name, visibility);
        }
    }

    private void requireStored(Cid cid) throws BlockNotFoundException {
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
        long[] bytes = new long[1];
        WholeFile.write(target, out -> bytes[0] = cat(file, out));
        return bytes[0];
    }

    /** Reads ranges and sizes of stored files. */
    public UnixFsReader reader() {
        return new UnixFsReader(blocks);
    }

    /** Reads every block and checks everything under every pin. */
    public ScrubReport verify(Progress progress) throws IOException {
        return Scrub.run(blocks, pins, progress);
    }

    /** Removes what no pin keeps, after waiting up to {@code patience} for running imports. */
    public GarbageCollector.Report gc(Duration patience) throws IOException {
        return GarbageCollector.run(blocks, pins, patience);
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
    public FileBlockstore blocks() {
        return blocks;
    }

    /** All pins. */
    public Pins pins() {
        return pins;
    }
}
