package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;

/** Turns matrices of numbers into planes and scales: a delta over a base of zeros. */
final class LowRankEncoder {
    private LowRankEncoder() {}

    /** Decomposes a pair of tensors and encodes both factors. */
    static void encode(
            LayoutEntry.LowRank lowRank,
            Dtype scaleType,
            Tensor base,
            Tensor finetuned,
            Map<String, Entry> entries,
            EntrySink sink,
            Workers workers) {
        FiniteWeights.check(base);
        FiniteWeights.check(finetuned);
        LowRankFactors factors = LowRankFactors.of(base, finetuned, workers);
        int rank = Math.toIntExact(lowRank.rank());
        if (rank > factors.rank()) {
            throw new RankTooHighException(lowRank.name(), rank, factors.rank());
        }
        double[] a = new double[rank * factors.columns()];
        System.arraycopy(factors.a(), 0, a, 0, a.length);
        double[] b = LowRankTrial.prefix(factors.b(), factors.rows(), factors.rank(), rank);
        factor(lowRank.a(), scaleType, a, finetuned.file(), entries, sink, workers);
        factor(lowRank.b(), scaleType, b, finetuned.file(), entries, sink, workers);
    }

    private static void factor(
            LayoutEntry.Sign sign,
            Dtype scaleType,
            double[] values,
            Path source,
            Map<String, Entry> entries,
            EntrySink sink,
            Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment numbers = arena.allocate((long) values.length * Float.BYTES, 64);
            for (int i = 0; i < values.length; i++) {
                numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
            }
            planes(sign, scaleType, numbers, source, entries, sink, workers);
        }
    }

    /** Encodes native binary32 numbers, row-major. */
    static void planes(
            LayoutEntry.Sign sign,
            Dtype scaleType,
            MemorySegment numbers,
            Path source,
            Map<String, Entry> entries,
            EntrySink sink,
            Workers workers) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment zeros = arena.allocate(numbers.byteSize(), 64);
            Tensor base = new Tensor(sign.name(), Dtype.F32, sign.shape(), zeros, source, 0);
            Tensor values = new Tensor(sign.name(), Dtype.F32, sign.shape(), numbers, source, 0);
            new SignJob(sign, scaleType, base, values, null, entries, sink, KernelProvider.kernels()).encode(workers);
        }
    }
}
