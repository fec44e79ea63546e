package io.bitdelta.node.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A node's data folder, held by one process at a time.
 *
 * <p>Layout: {@code chain/} the embedded chain, {@code deployments/} contract addresses, {@code store/} content blocks and
 * pins, {@code deltas/} delta files, {@code keys/} keystore files, {@code work/} temporary files, {@code bitdelta.sqlite} the database, {@code lock}.
 */
public final class DataFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the folder if it is missing and locks it.
     *
     * @throws FolderUnusableException when it cannot be written, or another process holds it
     */
    public static DataFolder open(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            for (String part : new String[] {"", "chain", "deployments", "deltas", "keys"}) {
                Files.createDirectories(absolute.resolve(part));
            }
            FileChannel channel =
                    FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new FolderUnusableException(
                        "the data folder %s is in use by another bitdelta process: stop it, or use another --data"
                                .formatted(absolute));
            }
            TemporaryFolder.delete(absolute.resolve("work"));
            Files.createDirectory(absolute.resolve("work"));
            return new DataFolder(absolute, channel, lock);
        } catch (FileAlreadyExistsException notAFolder) {
            throw new FolderUnusableException(
                    "%s is not a folder: choose another --data".formatted(notAFolder.getFile()));
        } catch (IOException unwritable) {
            throw new FolderUnusableException(
                    "the data folder %s cannot be written (%s): make it writable, or choose another --data"
                            .formatted(absolute, reason(unwritable)));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            return null;
        }
    }

    private static String reason(IOException failure) {
        String text = failure.getClass().getSimpleName().replace("Exception", "");
        return failure.getMessage() == null ? text : text + ": " + failure.getMessage();
    }

    /** The folder itself, absolute. */
    public Path root() {
        return root;
    }

    /** The embedded chain's folder. */
    public Path chain() {
        return root.resolve("chain");
    }

    /** The content store's folder. */
    public Path store() {
        return root.resolve("store");
    }

    /** Delta files made or taken in here. */
    public Path deltas() {
        return root.resolve("deltas");
    }

    /** For files that are needed while the node runs; emptied when it starts. */
    public Path work() {
        return root.resolve("work");
    }

    /** Keystore files. */
    public Path keys() {
        return root.resolve("keys");
    }

    /** Addresses of deployed contracts, one file per chain. */
    public Path deployments() {
        return root.resolve("deployments");
    }

    /** The SQLite database. */
    public Path database() {
        return root.resolve("bitdelta.sqlite");
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
