package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a delta again with other scales: everything else stays as it is, and the header says that they were fitted. */
public final class ScaleRewriter {
    private ScaleRewriter() {}

    /**
     * Writes the file.
     *
     * @param delta what comes in; no soup
     * @param scales by entry name, within 0 to {@link DeltaFile#MAX_SCALE}; entries that are not named keep theirs
     * @throws IOException if writing fails
     */
    public static DeltaWriteReport write(DeltaFile delta, Map<String, float[]> scales, Path out) throws IOException {
        DeltaMetadata old = delta.header().metadata();
        if (old.scales() == DeltaMetadata.ScaleOrigin.VOTE) {
            throw new IncompatibleDeltaException(
                    delta.path(), out, "a soup's scales are those of its members; calibrate the members");
        }
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (LayoutEntry entry : delta.layout()) {
            Dtype scaleType =
                    switch (entry) {
                        case LayoutEntry.Sign sign -> delta.scaleType(sign);
                        case LayoutEntry.LowRank lowRank -> delta.scaleType(lowRank.a());
                        case LayoutEntry.Full full -> Dtype.F32;
                        case LayoutEntry.Core core -> Dtype.F32;
                    };
            planned.add(new DeltaHeader.Planned(entry, scaleType, false));
        }
        DeltaHeader header = DeltaHeader.place(
                new DeltaMetadata(
                        old.baseHash(),
                        DeltaMetadata.ScaleOrigin.CALIBRATED,
                        old.clipSigma(),
                        old.domain(),
                        old.packing()),
                planned);
        try (DeltaOutput output = DeltaOutput.create(out, header)) {
            for (Entry entry : header.entries()) {
                Tensor stored = delta.entry(entry.name());
                float[] fitted = scales.get(entry.name());
                output.store(
                        entry.name(), fitted == null ? stored.data() : MemorySegment.ofArray(bytes(stored, fitted)));
            }
            output.commit();
        }
        return DeltaWriteReport.of(out, bits(delta), delta.size());
    }

    private static int bits(DeltaFile delta) {
        return delta.header().signs().stream()
                .mapToInt(LayoutEntry.Sign::bits)
                .max()
                .orElse(1);
    }

    private static byte[] bytes(Tensor stored, float[] scales) {
        if (scales.length != stored.shape().count()) {
            throw new IllegalArgumentException(stored.name() + ": " + scales.length + " scales for " + stored.shape());
        }
        int width = stored.dtype().width();
        byte[] out = new byte[scales.length * width];
        MemorySegment bytes = MemorySegment.ofArray(out);
        for (int i = 0; i < scales.length; i++) {
            ScaleCodec.write(stored.dtype(), bytes, (long) i * width, scales[i]);
        }
        return out;
    }
}
