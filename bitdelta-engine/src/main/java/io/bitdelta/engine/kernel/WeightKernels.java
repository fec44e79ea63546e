package io.bitdelta.engine.kernel;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.MemorySegment;

/**
 * The loops of compress and apply over one run of elements.
 *
 * <p>A <em>tile</em> is a native segment of binary32 values. <em>Lanes</em> are {@link #LANES} binary32 partial sums in a
 * native segment: element {@code i} of a scale's sequence is added to lane {@code i mod 16}, in order, without fused
 * multiply-add; every {@link #BLOCK} elements the caller folds the lanes into its binary64 sum (FORMATS section 3). That
 * fixes the result whatever the vector width. Little-endian throughout; offsets are in elements unless they say bytes.
 */
public interface WeightKernels {
    /** Partial sums per block. */
    int LANES = 16;
    /** Elements after which the lanes are folded. */
    int BLOCK = 4096;

    /** For the log: which implementation this is. */
    String name();

    /** Whether {@link #compress} is faster than its parts for this pair of element types. */
    boolean fuses(Dtype baseType, Dtype finetunedType);

    /**
     * One pass for one plane: {@link #delta}, {@link #signs}, {@link #addAbs} and {@link #addSquares} (mean 0) of a run
     * that starts at lane 0 and at a byte of signs, without a tile in between.
     *
     * @param type of both sides
     * @param lanes partial sums of the absolute deltas
     * @param squares partial sums of their squares
     */
    void compress(
            Dtype type,
            MemorySegment base,
            long baseByte,
            MemorySegment finetuned,
            long finetunedByte,
            int count,
            MemorySegment signs,
            long signsByte,
            MemorySegment lanes,
            MemorySegment squares);

    /**
     * One plane with one scale over a run that starts at a byte of signs: {@link #widen}, {@link #applySigns},
     * {@link #narrow} without a tile in between.
     */
    void apply(
            Dtype type,
            MemorySegment source,
            long sourceByte,
            int count,
            MemorySegment signs,
            long signsByte,
            float scale,
            MemorySegment target,
            long targetByte);

    /**
     * {@code tile[i] = finetuned[i] - base[i]} in binary32 (in binary64, then rounded, when either side is F64), where
     * the sign bit of the result is set exactly when {@code finetuned[i] < base[i]}: equal values, zeros of either sign
     * included, give +0.
     *
     * @param baseByte where the run starts in {@code base}, in bytes
     * @param finetunedByte likewise
     * @param count elements
     */
    void delta(
            Dtype baseType,
            MemorySegment base,
            long baseByte,
            Dtype finetunedType,
            MemorySegment finetuned,
            long finetunedByte,
            int count,
            MemorySegment tile);

    /**
     * Packs signs: bit {@code i & 7} of byte {@code i >> 3} is 1 where the sign bit of {@code tile[i]} is clear; the
     * padding bits of the last byte are 0.
     */
    void signs(MemorySegment tile, int count, MemorySegment signs, long signsByte);

    /** Adds {@code |tile[from + i]|} to lane {@code (phase + i) mod 16}. */
    void addAbs(MemorySegment tile, int from, int count, int phase, MemorySegment lanes);

    /** Adds {@code tile[from + i]} to lane {@code (phase + i) mod 16}. */
    void add(MemorySegment tile, int from, int count, int phase, MemorySegment lanes);

    /** Adds {@code (tile[from + i] - mean)^2} to lane {@code (phase + i) mod 16}. */
    void addSquares(MemorySegment tile, int from, int count, int phase, float mean, MemorySegment lanes);

    /** {@code sums[sumsFrom + i] += |tile[i]|}: one row of a column sum. */
    void addAbsColumns(MemorySegment tile, int count, MemorySegment sums, long sumsFrom);

    /** One residual pass: {@code tile[i] -= scale} where its sign bit is clear, {@code += scale} where it is set. */
    void residual(MemorySegment tile, int from, int count, float scale);

    /** As {@link #residual} with a scale per element, from {@code scales[scalesFrom + i]}. */
    void residualColumns(MemorySegment tile, int count, MemorySegment scales, long scalesFrom);

    /** Clamps {@code tile[from + i]} into {@code [low, high]}. */
    void clamp(MemorySegment tile, int from, int count, float low, float high);

    /** {@code tile[i] = source[i]} in binary32, rounded to nearest even when the source is F64. */
    void widen(Dtype type, MemorySegment source, long sourceByte, int count, MemorySegment tile);

    /** {@code target[i] = tile[i]} rounded to nearest even into {@code type}. */
    void narrow(Dtype type, MemorySegment tile, int count, MemorySegment target, long targetByte);

    /** {@code tile[from + i] += scale} where sign bit {@code signsBit + i} is 1, {@code -= scale} where it is 0. */
    void applySigns(MemorySegment tile, int from, int count, MemorySegment signs, long signsBit, float scale);

    /** As {@link #applySigns} with a scale per element, from {@code scales[scalesFrom + i]}. */
    void applySignsColumns(
            MemorySegment tile, int count, MemorySegment signs, long signsBit, MemorySegment scales, long scalesFrom);
}
