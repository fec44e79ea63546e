package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One read-only file per block: {@code blocks/<shard>/<cid>}, the shard being the two characters before the identifier's
 * last (the last one carries too few bits to spread well).
 *
 * <p>A block goes into {@code tmp/}, is synced, renamed into its shard, and the shard's entry is synced before
 * {@link #put} returns. A kill at any point leaves a whole block or an unused temporary file, which a later
 * {@link #open} removes once nobody writes. Several processes may use one folder at the same time.
 */
public final class FileBlockstore implements Blockstore {
    /** The lock's file in a store's folder. */
    public static final String LOCK = "lock";

    private final Path folder;
    private final Path blocks;
    private final Path temporary;
    private final StoreLimits limits;
    private final AtomicLong stored = new AtomicLong();
    private final Set<String> shards = ConcurrentHashMap.newKeySet();
    private final StoreLock lock;
    private final FileStore disk;

    private FileBlockstore(Path folder, StoreLimits limits) throws IOException {
        this.folder = folder;
        this.blocks = folder.resolve("blocks");
        this.temporary = folder.resolve("tmp");
        this.limits = limits;
        try {
            Folders.create(blocks);
            Folders.create(temporary);
            this.lock = StoreLock.of(folder.resolve(LOCK));
            this.disk = Files.getFileStore(blocks);
            removeTemporaryFiles();
        } catch (FileSystemException e) {
            throw unwritable(e);
        }
        if (limits.hasQuota()) {
            stored.set(storedBytes());
        }
    }

    /** Opens or creates a store with {@link StoreLimits#DEFAULT}. */
    public static FileBlockstore open(Path folder) throws IOException {
        return open(folder, StoreLimits.DEFAULT);
    }

    /**
     * Opens or creates a store.
     *
     * @throws StoreUnwritableException if the folder cannot be created or written
     */
    public static FileBlockstore open(Path folder, StoreLimits limits) throws IOException {
        return new FileBlockstore(folder, limits);
    }

    /** The lock whose shared leases keep garbage collection away. */
    public StoreLock lock() {
        return lock;
    }

    @Override
    public String name() {
        return "store " + folder;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(Block.inline(cid));
        }
        Path file = file(cid);
        byte[] data;
        try {
            long size = Files.size(file);
            if (size > Block.MAX_BYTES) {
                throw new CorruptBlockException(cid, file.toString(), size + " bytes, more than any block has");
            }
            data = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Block(cid, data));
        } catch (HashMismatchException e) {
            throw new CorruptBlockException(cid, file.toString(), e.computed());
        }
    }

    @Override
    public boolean has(Cid cid) {
        return cid.isIdentity() || Files.exists(file(cid));
    }

    @Override
    public void put(Block block) throws IOException {
        if (block.cid().isIdentity()) {
            return;
        }
        try (StoreLock.Lease lease = lock.shared()) {
            Objects.requireNonNull(lease);
            Folders.sync(write(block));
        } catch (FileSystemException e) {
            throw unwritable(e);
        }
    }

    @Override
    public BlockBatch batch() throws IOException {
        return new FileBatch(this, lock.shared());
    }

    /** Writes a block and returns the folder that is still to be synced. The caller holds a lease. */
    Path write(Block block) throws IOException {
        Path target = file(block.cid());
        Path shard = shard(target);
        if (holds(target, block.data())) {
            return shard;
        }
        reserve(block.size());
        try {
            WholeFile.writeReadOnly(temporary.resolve(UUID.randomUUID().toString()), target, block.data());
        } catch (IOException e) {
            stored.addAndGet(-block.size());
            throw WholeFile.isDiskFull(e) ? full("the disk has no room left", e) : e;
        }
        return shard;
    }

    /** Compares with what is there, so that a damaged copy is replaced and a good one is left alone. */
    private static boolean holds(Path target, byte[] data) throws IOException {
        try {
            return Files.size(target) == data.length && Arrays.equals(Files.readAllBytes(target), data);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void reserve(int bytes) throws IOException {
        long total = stored.addAndGet(bytes);
        String refusal = null;
        if (total > limits.quotaBytes()) {
            refusal = "the quota of " + limits.quotaBytes() + " bytes is used up (" + (total - bytes)
                    + " bytes stored, " + bytes + " more wanted)";
        } else {
            long free = disk.getUsableSpace();
            if (free - bytes < limits.reserveBytes()) {
                refusal = "the disk has " + free + " bytes left, " + limits.reserveBytes() + " of them are reserved";
            }
        }
        if (refusal != null) {
            stored.addAndGet(-bytes);
            throw full(refusal, null);
        }
    }

    private StoreFullException full(String reason, @Nullable IOException cause) {
        String message = "cannot store in " + folder + ": " + reason + "; unpin content and run 'store gc'";
        return cause == null ? new StoreFullException(message) : new StoreFullException(message, cause);
    }

    IOException unwritable(FileSystemException e) {
        return StoreUnwritableException.of(folder, e);
    }

    @Override
    public OptionalLong delete(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return OptionalLong.empty();
        }
        Path file = file(cid);
        try {
            long size = Files.size(file);
            Files.delete(file);
            stored.addAndGet(-size);
            return OptionalLong.of(size);
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public Stream<Cid> cids() {
        return files().flatMap(file -> {
            try {
                return Stream.of(Cid.parse(file.getFileName().toString()));
            } catch (InvalidCidException e) {
                return Stream.of();
            }
        });
    }

    /** Every file of every shard, a shard at a time in memory. */
    private Stream<Path> files() {
        return list(blocks).stream().filter(Files::isDirectory).flatMap(shard -> list(shard).stream());
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where a block lies, or would lie. */
    public Path file(Cid cid) {
        String name = cid.toV1().toString();
        return blocks.resolve(name.substring(name.length() - 3, name.length() - 1))
                .resolve(name);
    }

    private Path shard(Path target) throws IOException {
        Path shard = Objects.requireNonNull(target.getParent());
        String name = shard.getFileName().toString();
        if (!shards.contains(name)) {
            Folders.create(shard);
            shards.add(name);
        }
        return shard;
    }

    /** Removes what killed writers left, unless somebody is writing now. */
    private void removeTemporaryFiles() throws IOException {
        try (StoreLock.Lease lease = lock.exclusive(Duration.ZERO)) {
            if (lease == null) {
                return;
            }
            try (Stream<Path> left = Files.list(temporary)) {
                for (Path file : left.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Override
    public long storedBytes() throws IOException {
        long total = 0;
        try (Stream<Path> all = files()) {
            for (Path file : (Iterable<Path>) all::iterator) {
                total += Files.size(file);
            }
        }
        return total;
    }
}
