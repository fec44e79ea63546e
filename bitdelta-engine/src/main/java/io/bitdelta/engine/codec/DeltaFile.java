package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsFile;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open delta file that has passed every check that needs no weights: canonical header, contiguous entries, scales
 * finite and within bounds, padding bits zero. Memory-mapped; safe for use by several threads until it is closed.
 */
public final class DeltaFile implements AutoCloseable {
    /** The largest scale a delta may hold. */
    public static final float MAX_SCALE = 10f;

    private final SafetensorsFile file;
    private final DeltaHeader header;
    private final Arena arena;
    private final Map<String, Tensor> entries = new HashMap<>();
    private @Nullable Hash32 fileHash;

    private DeltaFile(SafetensorsFile file, DeltaHeader header, Arena arena) {
        this.file = file;
        this.header = header;
        this.arena = arena;
        for (Entry entry : header.entries()) {
            entries.put(entry.name(), file.tensor(entry));
        }
    }

    /**
     * Opens and checks a delta file.
     *
     * @throws MalformedDeltaException if it breaks a rule of the format
     * @throws io.bitdelta.engine.tensor.MalformedSafetensorsException if it is not even a safetensors file
     * @throws IOException if it cannot be read
     */
    public static DeltaFile open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            SafetensorsFile mapped = SafetensorsFile.map(path, DeltaHeader.MAX_BYTES, arena);
            DeltaFile delta = new DeltaFile(mapped, HeaderParser.parse(mapped), arena);
            delta.checkBounds();
            return delta;
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Checks a delta file that is already in memory.
     *
     * @param name what messages call it
     * @param whole its bytes, which must stay as they are while the delta is in use
     * @throws MalformedDeltaException if it breaks a rule of the format
     * @throws io.bitdelta.engine.tensor.MalformedSafetensorsException if it is not even a safetensors file
     */
    public static DeltaFile read(Path name, MemorySegment whole) {
        SafetensorsFile file = SafetensorsFile.read(name, DeltaHeader.MAX_BYTES, whole);
        DeltaFile delta = new DeltaFile(file, HeaderParser.parse(file), Arena.ofConfined());
        try {
            delta.checkBounds();
            return delta;
        } catch (RuntimeException e) {
            delta.close();
            throw e;
        }
    }

    /** Reads and checks the header alone: no byte of the data is touched. */
    public static DeltaHeader readHeader(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return HeaderParser.parse(SafetensorsFile.map(path, DeltaHeader.MAX_BYTES, arena));
        }
    }

    private void checkBounds() {
        for (LayoutEntry entry : header.layout()) {
            switch (entry) {
                case LayoutEntry.Full full -> {}
                case LayoutEntry.Sign sign -> checkSign(sign);
                case LayoutEntry.LowRank lowRank -> {
                    checkSign(lowRank.a());
                    checkSign(lowRank.b());
                }
                case LayoutEntry.Core core -> {
                    if (!CoreCodes.sound(entry(core.coreName()).data().asByteBuffer(), core.rank(), core.bits())) {
                        throw new MalformedDeltaException(
                                path(),
                                entry(core.coreName()).at(0)
                                        + " is no core: its scales are 0 to " + MAX_SCALE
                                        + ", its numbers finite, its padding bits 0");
                    }
                }
            }
        }
    }

    private void checkSign(LayoutEntry.Sign sign) {
        for (int plane = 0; plane < sign.bits(); plane++) {
            checkPadding(sign, sign.signName(plane));
            Tensor scales = entry(sign.scaleName(plane));
            long count = scales.shape().count();
            for (long i = 0; i < count; i++) {
                float scale = ScaleCodec.read(scales.dtype(), scales.data(), i);
                // The bit pattern of -0 is negative: one comparison refuses it and every negative number.
                if (Float.floatToRawIntBits(scale) < 0 || !(scale <= MAX_SCALE)) {
                    throw new MalformedDeltaException(
                            path(), scales.at(i) + " is " + scale + ", scales are 0 to " + MAX_SCALE);
                }
            }
        }
        if (abstain(sign).isPresent()) {
            checkPadding(sign, sign.abstainName());
        }
    }

    private void checkPadding(LayoutEntry.Sign sign, String name) {
        int used = (int) (sign.shape().columns() & 7);
        if (used == 0) {
            return;
        }
        Tensor plane = entry(name);
        long rowBytes = sign.rowBytes();
        for (long row = 0; row < sign.shape().rows(); row++) {
            long at = row * rowBytes + rowBytes - 1;
            if ((plane.data().get(ValueLayout.JAVA_BYTE, at) & 0xFF) >>> used != 0) {
                throw new MalformedDeltaException(path(), plane.at(at) + " has padding bits that are not 0");
            }
        }
    }

    /** Where it was opened. */
    public Path path() {
        return file.path();
    }

    /** The header. */
    public DeltaHeader header() {
        return header;
    }

    /** The changed tensors, in name order. */
    public List<LayoutEntry> layout() {
        return header.layout();
    }

    /** The size of the file in bytes. */
    public long size() {
        return file.whole().byteSize();
    }

    /** {@code S(file)}; computed once. */
    public synchronized Hash32 fileHash() {
        Hash32 known = fileHash;
        if (known == null) {
            known = Sha256.of(file.whole());
            fileHash = known;
        }
        return known;
    }

    /**
     * A stored entry.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Tensor entry(String name) {
        Tensor tensor = entries.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(path() + " has no entry " + name);
        }
        return tensor;
    }

    /** The packed signs of a plane: [rows, rowBytes] bytes. */
    public MemorySegment signs(LayoutEntry.Sign sign, int plane) {
        return entry(sign.signName(plane)).data();
    }

    /** The scales of a plane, in binary32. */
    public float[] scales(LayoutEntry.Sign sign, int plane) {
        Tensor stored = entry(sign.scaleName(plane));
        float[] scales = new float[Math.toIntExact(stored.shape().count())];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = ScaleCodec.read(stored.dtype(), stored.data(), i);
        }
        return scales;
    }

    /** The element type of a tensor's scales. */
    public Dtype scaleType(LayoutEntry.Sign sign) {
        return entry(sign.scaleName(0)).dtype();
    }

    /** The abstentions of a certified soup, packed as signs are; only soups have any. */
    public Optional<MemorySegment> abstain(LayoutEntry.Sign sign) {
        return header.metadata().scales() == DeltaMetadata.ScaleOrigin.VOTE
                ? Optional.ofNullable(entries.get(sign.abstainName())).map(Tensor::data)
                : Optional.empty();
    }

    /** A core's numbers: [rank, rank], row-major. */
    public float[] core(LayoutEntry.Core core) {
        return CoreCodes.decode(entry(core.coreName()).data().asByteBuffer(), core.rank(), core.bits());
    }

    /** The bytes of a tensor that is stored in full. */
    public MemorySegment full(LayoutEntry.Full full) {
        return entry(full.name()).data();
    }

    @Override
    public void close() {
        arena.close();
    }
}
