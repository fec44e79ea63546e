package io.bitdelta.engine.codec;

import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an encoder needs to turn one pair of tensors into signs and scales.
 *
 * @param sign what to make
 * @param scaleType F32, F16 or U8 ({@link ScaleCodec})
 * @param base the base's tensor
 * @param finetuned the fine-tune's tensor of the same shape
 * @param clip the clamp of the deltas, if any
 * @param entries the file's entries by name
 * @param sink takes the bytes
 * @param kernels the inner loops
 */
record SignJob(
        LayoutEntry.Sign sign,
        Dtype scaleType,
        Tensor base,
        Tensor finetuned,
        @Nullable ClipRange clip,
        Map<String, Entry> entries,
        EntrySink sink,
        WeightKernels kernels) {
    /** This job with its deltas clamped. */
    SignJob clipped(ClipRange range) {
        return new SignJob(sign, scaleType, base, finetuned, range, entries, sink, kernels);
    }

    long rows() {
        return sign.shape().rows();
    }

    long columns() {
        return sign.shape().columns();
    }

    /** Makes all planes. */
    DeltaEnergy encode(Workers workers) {
        return switch (sign.granularity().kind()) {
            case TENSOR -> FlatEncoder.encode(this, workers);
            case ROW, GROUP -> RowEncoder.encode(this, workers);
            case COLUMN -> ColumnEncoder.encode(this, workers);
        };
    }

    /** Whether plane 0 can be made without a tile. */
    boolean fuses() {
        return clip == null && kernels.fuses(base.dtype(), finetuned.dtype());
    }

    /** Loads the deltas of elements {@code flat .. flat + count} into a tile. */
    void load(long flat, int count, MemorySegment tile) {
        kernels.delta(
                base.dtype(),
                base.data(),
                flat * base.dtype().width(),
                finetuned.dtype(),
                finetuned.data(),
                flat * finetuned.dtype().width(),
                count,
                tile);
    }

    EntryAppender signAppender(int plane, long offset, Arena arena) {
        return appender(sign.signName(plane), offset, arena);
    }

    EntryAppender scaleAppender(int plane, long index, Arena arena) {
        return appender(sign.scaleName(plane), index * scaleType.width(), arena);
    }

    private EntryAppender appender(String name, long offset, Arena arena) {
        return new EntryAppender(sink, entry(name), offset, arena);
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalStateException("no entry was planned for " + name);
        }
        return entry;
    }

    /**
     * The stored scale of a binary64 sum of {@code count} terms, as a binary32 value.
     *
     * @throws NonFiniteWeightException if a weight of the tensor is NaN or infinite
     * @throws ScaleOutOfRangeException if it is over the bound
     */
    float scale(double sum, long count, long index) {
        double mean = sum / count;
        float stored = ScaleCodec.rounded(scaleType, mean);
        if (!(stored <= DeltaFile.MAX_SCALE)) {
            FiniteWeights.check(base);
            FiniteWeights.check(finetuned);
            throw new ScaleOutOfRangeException(sign.name(), index, mean);
        }
        return stored;
    }
}
