package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a delta file from signs, scales and tensors that exist already. */
public final class DeltaBuilder {
    private final Hash32 baseHash;
    private final List<DeltaHeader.Planned> planned = new ArrayList<>();
    private final Map<String, MemorySegment> contents = new LinkedHashMap<>();
    private final Arena arena = Arena.ofAuto();

    /** An empty delta over a base. */
    public DeltaBuilder(Hash32 baseHash) {
        this.baseHash = baseHash;
    }

    /**
     * Adds a tensor of one plane and one scale.
     *
     * @param signs packed rows, padding bits 0
     */
    public DeltaBuilder signs(String name, Dtype dtype, Shape shape, MemorySegment signs, float scale) {
        LayoutEntry.Sign sign = new LayoutEntry.Sign(name, dtype, shape, Granularity.TENSOR, 1);
        planned.add(new DeltaHeader.Planned(sign, Dtype.F32, false));
        MemorySegment stored = arena.allocate(Float.BYTES);
        ElementCodec.write(Dtype.F32, stored, 0, scale);
        contents.put(sign.signName(0), signs);
        contents.put(sign.scaleName(0), stored);
        return this;
    }

    /** Adds a tensor in full. */
    public DeltaBuilder full(String name, Dtype dtype, Shape shape, MemorySegment bytes) {
        planned.add(new DeltaHeader.Planned(new LayoutEntry.Full(name, dtype, shape), Dtype.F32, false));
        contents.put(name, bytes);
        return this;
    }

    /**
     * Writes the file and reads it back, checked.
     *
     * @param originalBytes size of what it was made from, for the report
     */
    public DeltaWriteReport write(Path out, long originalBytes) throws IOException {
        DeltaMetadata metadata = new DeltaMetadata(
                baseHash, DeltaMetadata.ScaleOrigin.CALIBRATED, Optional.empty(), DeltaMetadata.GENERAL);
        try (DeltaOutput output = DeltaOutput.create(out, DeltaHeader.place(metadata, planned))) {
            for (Map.Entry<String, MemorySegment> entry : contents.entrySet()) {
                output.store(entry.getKey(), entry.getValue());
            }
            output.commit();
        }
        return DeltaWriteReport.of(out, 1, originalBytes);
    }
}
