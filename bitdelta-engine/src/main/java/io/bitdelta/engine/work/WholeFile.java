package io.bitdelta.engine.work;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that appears whole or not at all: bytes go to a neighbour with a temporary name, {@link #commit} syncs it and
 * renames it over the target. Closing without commit removes it. Writes at different positions may run in parallel.
 */
public final class WholeFile implements AutoCloseable {
    private static final AtomicLong SERIAL = new AtomicLong();
    private static final int STEP = 1 << 20;

    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private boolean committed;

    private WholeFile(Path target, Path partial, FileChannel channel) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
    }

    /**
     * Starts a file.
     *
     * @param target where it will appear; its folder must exist
     * @throws IOException if the folder is missing or not writable
     */
    public static WholeFile create(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        String name = "%s.%d-%d.partial"
                .formatted(absolute.getFileName(), ProcessHandle.current().pid(), SERIAL.incrementAndGet());
        Path partial = absolute.resolveSibling(name);
        FileChannel channel = FileChannel.open(
                partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new WholeFile(absolute, partial, channel);
    }

    /** Writes a segment at a position. */
    public void write(MemorySegment bytes, long position) throws IOException {
        long size = bytes.byteSize();
        for (long at = 0; at < size; at += STEP) {
            ByteBuffer step = bytes.asSlice(at, Math.min(STEP, size - at)).asByteBuffer();
            long to = position + at;
            while (step.hasRemaining()) {
                to += channel.write(step, to);
            }
        }
    }

    /** The file while it has its temporary name. */
    public Path partial() {
        return partial;
    }

    /** Makes the file durable and gives it its name, replacing a file that has it. */
    public void commit() throws IOException {
        channel.force(true);
        channel.close();
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        committed = true;
        try (FileChannel folder = FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(partial);
        }
    }
}
