package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the delta of a tier-P artifact: cores and nothing else. */
public final class CoreWriter {
    private CoreWriter() {}

    /**
     * One tensor's core.
     */
    public static final class Core {
        private final String name;
        private final Shape shape;
        private final String basis;
        private final int rank;
        private final float[] core;

        /** Keeps the arrays as they are. */
        public Core(String name, Shape shape, String basis, int rank, float[] core) {
            this.name = name;
            this.shape = shape;
            this.basis = basis;
            this.rank = rank;
            this.core = core;
        }

        /** The base's tensor. */
        public String name() {
            return name;
        }

        /** Its shape. */
        public Shape shape() {
            return shape;
        }

        /** {@link CoreBasis#id()}. */
        public String basis() {
            return basis;
        }

        /** Of the core. */
        public int rank() {
            return rank;
        }

        /** [rank, rank], row-major, finite. */
        public float[] core() {
            return core;
        }
    }

    /**
     * Writes the file.
     *
     * @param bits per number: 1 to 8, or 16
     * @param originalBytes what its size is compared with
     * @throws NonFiniteWeightException if a core holds NaN or infinity
     */
    public static DeltaWriteReport write(
            Path out, Hash32 baseHash, String domain, List<Core> cores, int bits, long originalBytes)
            throws IOException {
        Map<String, Core> byName = new HashMap<>();
        for (Core core : cores) {
            for (int i = 0; i < core.core().length; i++) {
                if (!Float.isFinite(core.core()[i])) {
                    throw new NonFiniteWeightException(core.name(), i, core.core()[i]);
                }
            }
            byName.put(core.name(), core);
        }
        DeltaHeader header = header(baseHash, domain, cores, bits);
        try (DeltaOutput output = DeltaOutput.create(out, header)) {
            for (LayoutEntry entry : header.layout()) {
                Core core = byName.get(entry.name());
                if (entry instanceof LayoutEntry.Core form && core != null) {
                    byte[] bytes = CoreCodes.encode(core.core(), core.rank(), bits);
                    output.store(form.coreName(), MemorySegment.ofArray(bytes));
                }
            }
            output.commit();
        }
        return DeltaWriteReport.of(out, bits, originalBytes);
    }

    /** The size of the file that cores of these shapes make. */
    public static long bytes(Hash32 baseHash, String domain, List<Core> cores, int bits) {
        DeltaHeader header = header(baseHash, domain, cores, bits);
        return header.encode().length + header.dataBytes();
    }

    private static DeltaHeader header(Hash32 baseHash, String domain, List<Core> cores, int bits) {
        DeltaMetadata metadata =
                new DeltaMetadata(baseHash, DeltaMetadata.ScaleOrigin.CALIBRATED, Optional.empty(), domain);
        return DeltaHeader.place(
                metadata,
                cores.stream()
                        .map(core -> new DeltaHeader.Planned(
                                new LayoutEntry.Core(core.name(), core.shape(), core.rank(), bits, core.basis()),
                                Dtype.F32,
                                false))
                        .toList());
    }
}
