package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * How to compress.
 *
 * @param granularity which weights share a scale; empty chooses row or column per tensor by reconstruction error
 * @param bits planes, 1 to 4
 * @param clipSigma clamp deltas to this many standard deviations before scales are taken
 * @param scaleType F32, F16, or in a packed file U8: a byte each
 * @param rest what becomes of tensors that are not 1-bit
 * @param include names of tensors to compress to signs whatever their kind; {@code *} stands for any text
 * @param exclude names of tensors never to compress to signs; wins over {@code include}
 * @param strict refuse checkpoints of which one lacks a tensor of the other
 * @param budget choose bits and granularity per tensor so that the file has at most so many bytes
 * @param hashCache folder that remembers weights hashes of unchanged files
 * @param domain what the delta is for
 * @param packed leave out of the header what follows from the layout (FORMAT-PACKED.md)
 * @param threads workers; the bytes do not depend on it
 */
public record CompressOptions(
        Optional<Granularity> granularity,
        int bits,
        OptionalDouble clipSigma,
        Dtype scaleType,
        RestPolicy rest,
        List<String> include,
        List<String> exclude,
        boolean strict,
        OptionalLong budget,
        Optional<Path> hashCache,
        String domain,
        boolean packed,
        int threads) {
    /** Checks every value. */
    public CompressOptions {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (bits < 1 || bits > LayoutEntry.Sign.MAX_BITS) {
            throw new IllegalArgumentException("bits must be 1 to 4, not " + bits);
        }
        clipSigma.ifPresent(DeltaMetadata::decimal);
        if (!ScaleCodec.knows(scaleType) || (scaleType == Dtype.U8 && !packed)) {
            throw new IllegalArgumentException("scales are F32 or F16, in a packed file also U8, not " + scaleType);
        }
        if (budget.isPresent() && budget.getAsLong() < 1) {
            throw new IllegalArgumentException("a budget is at least one byte, not " + budget.getAsLong());
        }
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + threads);
        }
    }

    /** One bit, a scale per row, no clip, everything else in full, one thread. */
    public static CompressOptions defaults() {
        return new Builder().build();
    }

    /** How the file is packed, if it is. */
    Optional<Dtype> packing() {
        return packed ? Optional.of(scaleType) : Optional.empty();
    }

    private CompressOptions with(UnaryOperator<Builder> change) {
        return change.apply(new Builder(this)).build();
    }

    /** These options with one granularity for all tensors. */
    public CompressOptions withGranularity(Granularity value) {
        return with(b -> b.granularity(Optional.of(value)));
    }

    /** These options with row or column chosen per tensor. */
    public CompressOptions withAutoGranularity() {
        return with(b -> b.granularity(Optional.empty()));
    }

    /** These options with another number of planes. */
    public CompressOptions withBits(int value) {
        return with(b -> b.bits(value));
    }

    /** These options with a clip. */
    public CompressOptions withClipSigma(OptionalDouble value) {
        return with(b -> b.clipSigma(value));
    }

    /** These options, for a packed file with scales of this type: U8 makes it smallest. */
    public CompressOptions withPacking(Dtype value) {
        return with(b -> b.packed(value));
    }

    /** These options with another type of scales. */
    public CompressOptions withScaleType(Dtype value) {
        return with(b -> b.scaleType(value));
    }

    /** These options with another policy for the rest. */
    public CompressOptions withRest(RestPolicy value) {
        return with(b -> b.rest(value));
    }

    /** These options with other patterns. */
    public CompressOptions withPatterns(List<String> include, List<String> exclude) {
        return with(b -> b.patterns(include, exclude));
    }

    /** These options, refusing checkpoints whose tensors are not the same set. */
    public CompressOptions withStrict(boolean value) {
        return with(b -> b.strict(value));
    }

    /** These options with a budget in bytes. */
    public CompressOptions withBudget(OptionalLong value) {
        return with(b -> b.budget(value));
    }

    /** These options with a folder of known weights hashes. */
    public CompressOptions withHashCache(Optional<Path> value) {
        return with(b -> b.hashCache(value));
    }

    /** These options with another domain. */
    public CompressOptions withDomain(String value) {
        return with(b -> b.domain(value));
    }

    /** These options with another number of workers. */
    public CompressOptions withThreads(int value) {
        return with(b -> b.threads(value));
    }

    private static final class Builder {
        private Optional<Granularity> granularity = Optional.of(Granularity.ROW);
        private int bits = 1;
        private OptionalDouble clipSigma = OptionalDouble.empty();
        private Dtype scaleType = Dtype.F32;
        private RestPolicy rest = RestPolicy.FULL;
        private List<String> include = List.of();
        private List<String> exclude = List.of();
        private boolean strict;
        private OptionalLong budget = OptionalLong.empty();
        private Optional<Path> hashCache = Optional.empty();
        private String domain = DeltaMetadata.GENERAL;
        private boolean packed;
        private int threads = 1;

        Builder() {}

        Builder(CompressOptions from) {
            granularity = from.granularity;
            bits = from.bits;
            clipSigma = from.clipSigma;
            scaleType = from.scaleType;
            rest = from.rest;
            include = from.include;
            exclude = from.exclude;
            strict = from.strict;
            budget = from.budget;
            hashCache = from.hashCache;
            domain = from.domain;
            packed = from.packed;
            threads = from.threads;
        }

        Builder granularity(Optional<Granularity> value) {
            granularity = value;
            return this;
        }

        Builder bits(int value) {
            bits = value;
            return this;
        }

        Builder clipSigma(OptionalDouble value) {
            clipSigma = value;
            return this;
        }

        Builder scaleType(Dtype value) {
            scaleType = value;
            return this;
        }

        Builder rest(RestPolicy value) {
            rest = value;
            return this;
        }

        Builder patterns(List<String> included, List<String> excluded) {
            include = included;
            exclude = excluded;
            return this;
        }

        Builder strict(boolean value) {
            strict = value;
            return this;
        }

        Builder budget(OptionalLong value) {
            budget = value;
            return this;
        }

        Builder hashCache(Optional<Path> value) {
            hashCache = value;
            return this;
        }

        Builder domain(String value) {
            domain = value;
            return this;
        }

        Builder packed(Dtype value) {
            packed = true;
            scaleType = value;
            return this;
        }

        Builder threads(int value) {
            threads = value;
            return this;
        }

        CompressOptions build() {
            return new CompressOptions(
                    granularity,
                    bits,
                    clipSigma,
                    scaleType,
                    rest,
                    include,
                    exclude,
                    strict,
                    budget,
                    hashCache,
                    domain,
                    packed,
                    threads);
        }
    }
}
