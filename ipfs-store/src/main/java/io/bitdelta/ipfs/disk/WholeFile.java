package io.bitdelta.ipfs.disk;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** Writes a file whole or not at all: temporary file, fsync, atomic rename, fsync of the folder. */
public final class WholeFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int WRITE_BYTES = 1 << 17;
    private static final FileAttribute<?>[] NONE = {};

    private WholeFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code out} and leaves it open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces or creates {@code target}; a failure leaves what was there before.
     *
     * @throws FileSystemException that names {@code target}, if its disk is full
     */
    public static void write(Path target, Content content) throws IOException {
        Path folder = folderOf(target);
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw isDiskFull(e) ? diskFull(target, e) : e;
        } finally {
            Files.deleteIfExists(temporary);
        }
        Folders.sync(folder);
    }

    /** Writes a new file or folder. */
    @FunctionalInterface
    public interface Creation {
        /** Creates {@code path}, which does not exist. */
        void create(Path path) throws IOException;
    }

    /** Creates a file or a folder beside {@code target} and renames it into place, which must be free. */
    public static void create(Path target, Creation creation) throws IOException {
        Path parent = Objects.requireNonNullElse(target.toAbsolutePath().getParent(), target);
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString(), null, "is there already");
        }
        Folders.create(parent);
        Path temporary = parent.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            creation.create(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw isDiskFull(e) ? diskFull(target, e) : e;
        } finally {
            remove(temporary);
        }
        Folders.sync(parent);
    }

    private static void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /**
     * Writes bytes through a temporary file into {@code target}, read-only from its creation on. The caller syncs the
     * target's folder.
     */
    public static void writeReadOnly(Path temporary, Path target, byte[] data) throws IOException {
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    readOnly(temporary))) {
                // Java copies what it writes into memory of the thread's own, as much as one call writes, and keeps it.
                for (int at = 0; at < data.length; at += WRITE_BYTES) {
                    ByteBuffer source = ByteBuffer.wrap(data, at, Math.min(WRITE_BYTES, data.length - at));
                    while (source.hasRemaining()) {
                        channel.write(source);
                    }
                }
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Whether the operating system refused bytes for want of room; Java has no type for that. */
    public static boolean isDiskFull(IOException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("No space left") || text.contains("quota exceeded");
    }

    private static FileSystemException diskFull(Path target, IOException cause) {
        FileSystemException full = new FileSystemException(
                target.toString(), null, "the disk has no room left for it; nothing was written");
        full.initCause(cause);
        return full;
    }

    private static FileAttribute<?>[] readOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--"))
                }
                : NONE;
    }

    private static Path folderOf(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "is a folder, not a file");
        }
        Folders.create(folder);
        return folder;
    }
}
