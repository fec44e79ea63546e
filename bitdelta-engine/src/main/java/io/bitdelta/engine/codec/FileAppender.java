package io.bitdelta.engine.codec;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Collects consecutive bytes of a file and writes them in large pieces. */
final class FileAppender {
    private static final int CAPACITY = 1 << 18;

    private final ByteTarget file;
    private final MemorySegment buffer;
    private long position;
    private int filled;

    FileAppender(ByteTarget file, long position, Arena arena) {
        this.file = file;
        this.position = position;
        this.buffer = arena.allocate(CAPACITY, 64);
    }

    MemorySegment buffer() {
        return buffer;
    }

    /** Room for {@code count} bytes, far fewer than the capacity; the caller fills it before the next call. */
    long reserve(int count) throws IOException {
        if (filled + count > CAPACITY) {
            flush();
        }
        int at = filled;
        filled += count;
        return at;
    }

    void flush() throws IOException {
        file.write(buffer.asSlice(0, filled), position);
        position += filled;
        filled = 0;
    }
}
