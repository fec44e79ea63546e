package io.bitdelta.engine.commit;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.codec.ScaleCodec;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The leaves' contents of one kind: every entry is cut into chunks of {@link #SIZE} bytes on its own, the last one
 * filled with zeros, numbered through from 0. Planes come one after the other, tensors in layout order.
 */
final class LeafChunks {
    /** Bytes per chunk. */
    static final int SIZE = 1024;

    /** One entry's bytes; scales are stored little-endian in F32 or F16, or as bytes, and committed to in F32 big-endian. */
    private record Source(MemorySegment bytes, Dtype type, boolean scales) {
        long committedBytes() {
            return scales ? bytes.byteSize() / type.width() * Float.BYTES : bytes.byteSize();
        }

        long chunks() {
            return (committedBytes() + SIZE - 1) / SIZE;
        }

        void read(long chunk, byte[] into) {
            Arrays.fill(into, (byte) 0);
            long at = chunk * SIZE;
            int count = (int) Math.min(SIZE, committedBytes() - at);
            if (!scales) {
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, into, 0, count);
                return;
            }
            ByteBuffer out = ByteBuffer.wrap(into);
            for (long i = at / Float.BYTES; i < (at + count) / Float.BYTES; i++) {
                out.putFloat(ScaleCodec.read(type, bytes, i));
            }
        }
    }

    private final List<Source> sources;

    private LeafChunks(List<Source> sources) {
        this.sources = sources;
    }

    /** The chunks of one kind of leaf. */
    static LeafChunks of(DeltaFile delta, LeafKind kind) {
        List<LayoutEntry.Sign> signs = delta.header().signs();
        List<Source> sources = new ArrayList<>();
        int planes = kind == LeafKind.ABSTAIN ? 1 : LayoutEntry.Sign.MAX_BITS;
        for (int plane = 0; plane < planes; plane++) {
            for (LayoutEntry.Sign sign : signs) {
                if (plane < sign.bits()) {
                    add(sources, delta, sign, kind, plane);
                }
            }
        }
        return new LeafChunks(sources);
    }

    private static void add(List<Source> sources, DeltaFile delta, LayoutEntry.Sign sign, LeafKind kind, int plane) {
        switch (kind) {
            case SIGNS -> sources.add(new Source(delta.signs(sign, plane), Dtype.U8, false));
            case SCALES -> {
                Tensor scales = delta.entry(sign.scaleName(plane));
                sources.add(new Source(scales.data(), scales.dtype(), true));
            }
            case ABSTAIN -> delta.abstain(sign).ifPresent(bits -> sources.add(new Source(bits, Dtype.U8, false)));
        }
    }

    /** How many chunks there are. */
    long count() {
        return sources.stream().mapToLong(Source::chunks).sum();
    }

    /** The contents of one chunk. */
    byte[] chunk(long index) {
        Objects.checkIndex(index, count());
        byte[] chunk = new byte[SIZE];
        long left = index;
        for (Source source : sources) {
            if (left < source.chunks()) {
                source.read(left, chunk);
                break;
            }
            left -= source.chunks();
        }
        return chunk;
    }

    /** Visits all chunks in order; the array is reused. */
    void forEach(Visitor visitor) {
        byte[] chunk = new byte[SIZE];
        long index = 0;
        for (Source source : sources) {
            for (long i = 0; i < source.chunks(); i++) {
                source.read(i, chunk);
                visitor.visit(index++, chunk);
            }
        }
    }

    /** Receives one chunk. */
    @FunctionalInterface
    interface Visitor {
        /** Chunk {@code index} has these bytes, for the time of the call. */
        void visit(long index, byte[] chunk);
    }
}
