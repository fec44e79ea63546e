package io.bitdelta.engine.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The keys and values of one sequence, in native memory that grows with it: per layer and key head [positions, headDim] of
 * binary32. For one thread at a time.
 */
public final class KvCache implements AutoCloseable {
    private static final int FIRST_CAPACITY = 64;

    private final ModelConfig config;
    private final int headDim;
    private final int heads;
    private Arena arena = Arena.ofShared();
    private MemorySegment keys = MemorySegment.NULL;
    private MemorySegment values = MemorySegment.NULL;
    private int capacity;
    private int length;

    /** An empty sequence. */
    public KvCache(ModelConfig config) {
        this.config = config;
        this.headDim = config.attention().headDim();
        this.heads = config.attention().kvHeads();
    }

    /** Positions that are filled. */
    public int length() {
        return length;
    }

    /**
     * Forgets all positions from {@code length} on.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public void truncate(int length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException(length + " of " + this.length + " positions");
        }
        this.length = length;
    }

    /** Makes room for some more positions. */
    void reserve(int more) {
        long wanted = (long) length + more;
        if (wanted > config.context()) {
            throw new ContextExceededException(wanted, config.context());
        }
        if (wanted <= capacity) {
            return;
        }
        int grown = (int) Math.min(config.context(), Math.max(Math.max(wanted, FIRST_CAPACITY), 2L * capacity));
        long blocks = (long) config.layers() * heads;
        long blockBytes = (long) grown * headDim * Float.BYTES;
        Arena next = Arena.ofShared();
        MemorySegment nextKeys = next.allocate(blocks * blockBytes, Long.BYTES * 8);
        MemorySegment nextValues = next.allocate(blocks * blockBytes, Long.BYTES * 8);
        long oldBytes = (long) capacity * headDim * Float.BYTES;
        long used = (long) length * headDim * Float.BYTES;
        for (long block = 0; used > 0 && block < blocks; block++) {
            MemorySegment.copy(keys, block * oldBytes, nextKeys, block * blockBytes, used);
            MemorySegment.copy(values, block * oldBytes, nextValues, block * blockBytes, used);
        }
        arena.close();
        arena = next;
        keys = nextKeys;
        values = nextValues;
        capacity = grown;
    }

    /** Stores keys and values of one position in one layer, all heads: each [kvHeads * headDim]. */
    void put(int layer, int position, float[] key, int keyAt, float[] value, int valueAt) {
        for (int head = 0; head < heads; head++) {
            long to = at(layer, head, position);
            MemorySegment.copy(key, keyAt + head * headDim, keys, ValueLayout.JAVA_FLOAT, to, headDim);
            MemorySegment.copy(value, valueAt + head * headDim, values, ValueLayout.JAVA_FLOAT, to, headDim);
        }
    }

    /** Where a position of a head starts, in bytes, among keys and among values. */
    long at(int layer, int head, int position) {
        return (((long) layer * heads + head) * capacity + position) * headDim * Float.BYTES;
    }

    MemorySegment keys() {
        return keys;
    }

    MemorySegment values() {
        return values;
    }

    /** Makes positions that were put count. */
    void advance(int positions) {
        length += positions;
    }

    @Override
    public void close() {
        arena.close();
    }
}
