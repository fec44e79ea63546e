package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Collects consecutive bytes of one entry and hands them to the sink in large pieces. */
final class EntryAppender {
    private static final int CAPACITY = 1 << 16;

    private final EntrySink sink;
    private final Entry entry;
    private final MemorySegment buffer;
    private long offset;
    private int filled;

    EntryAppender(EntrySink sink, Entry entry, long offset, Arena arena) {
        this.sink = sink;
        this.entry = entry;
        this.offset = offset;
        this.buffer = arena.allocate(CAPACITY, Long.BYTES);
    }

    /** Room for {@code count} bytes, at most 4096; the caller fills it before the next call. */
    long reserve(int count) {
        if (filled + count > CAPACITY) {
            flush();
        }
        int at = filled;
        filled += count;
        return at;
    }

    /** The segment that {@link #reserve} gives places in. */
    MemorySegment buffer() {
        return buffer;
    }

    /** Appends one scale. */
    void scale(Dtype type, float value) {
        long at = reserve(type.width());
        ScaleCodec.write(type, buffer, at, value);
    }

    /** Continues at another place of the entry. */
    void moveTo(long newOffset) {
        flush();
        offset = newOffset;
    }

    /** Hands over what is collected. */
    void flush() {
        if (filled > 0) {
            sink.write(entry, offset, buffer.asSlice(0, filled));
            offset += filled;
            filled = 0;
        }
    }
}
