package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import java.util.OptionalDouble;

/**
 * How to compress.
 *
 * @param granularity which weights share a scale
 * @param bits planes, 1 to 4
 * @param clipSigma clamp deltas to this many standard deviations before scales are taken
 * @param scaleType F32 or F16
 * @param rest what becomes of tensors that are not 1-bit
 * @param domain what the delta is for
 * @param threads workers; the bytes do not depend on it
 */
public record CompressOptions(
        Granularity granularity,
        int bits,
        OptionalDouble clipSigma,
        Dtype scaleType,
        RestPolicy rest,
        String domain,
        int threads) {
    /** Checks every value. */
    public CompressOptions {
        if (bits < 1 || bits > LayoutEntry.Sign.MAX_BITS) {
            throw new IllegalArgumentException("bits must be 1 to 4, not " + bits);
        }
        clipSigma.ifPresent(DeltaMetadata::decimal);
        if (scaleType != Dtype.F32 && scaleType != Dtype.F16) {
            throw new IllegalArgumentException("scales are F32 or F16, not " + scaleType);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + threads);
        }
    }

    /** One bit, a scale per row, no clip, everything else in full, one thread. */
    public static CompressOptions defaults() {
        return new CompressOptions(
                Granularity.ROW, 1, OptionalDouble.empty(), Dtype.F32, RestPolicy.FULL, DeltaMetadata.GENERAL, 1);
    }

    /** These options with another granularity. */
    public CompressOptions withGranularity(Granularity value) {
        return new CompressOptions(value, bits, clipSigma, scaleType, rest, domain, threads);
    }

    /** These options with another number of planes. */
    public CompressOptions withBits(int value) {
        return new CompressOptions(granularity, value, clipSigma, scaleType, rest, domain, threads);
    }

    /** These options with a clip. */
    public CompressOptions withClipSigma(OptionalDouble value) {
        return new CompressOptions(granularity, bits, value, scaleType, rest, domain, threads);
    }

    /** These options with another type of scales. */
    public CompressOptions withScaleType(Dtype value) {
        return new CompressOptions(granularity, bits, clipSigma, value, rest, domain, threads);
    }

    /** These options with another policy for the rest. */
    public CompressOptions withRest(RestPolicy value) {
        return new CompressOptions(granularity, bits, clipSigma, scaleType, value, domain, threads);
    }

    /** These options with another domain. */
    public CompressOptions withDomain(String value) {
        return new CompressOptions(granularity, bits, clipSigma, scaleType, rest, value, threads);
    }

    /** These options with another number of workers. */
    public CompressOptions withThreads(int value) {
        return new CompressOptions(granularity, bits, clipSigma, scaleType, rest, domain, value);
    }
}
