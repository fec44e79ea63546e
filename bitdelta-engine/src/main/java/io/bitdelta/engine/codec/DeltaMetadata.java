package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Dtype;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The facts in a delta file's header, apart from its layout.
 *
 * @param baseHash the weights hash of the checkpoint it changes
 * @param scales where the scales come from
 * @param clipSigma the clip in standard deviations, as a canonical decimal; empty when nothing was clipped
 * @param domain what the delta is for: lower-case letters, digits and hyphens
 * @param packing the type of all scales of a packed file, whose entries follow from its layout; empty for a plain one
 */
public record DeltaMetadata(
        Hash32 baseHash, ScaleOrigin scales, Optional<String> clipSigma, String domain, Optional<Dtype> packing) {
    /** The domain when none is named. */
    public static final String GENERAL = "general";

    private static final String DOMAIN = "[a-z0-9][a-z0-9-]{0,63}";

    /** Where scales come from. */
    public enum ScaleOrigin {
        /** The mean of the absolute deltas. */
        MEAN_ABS("mean-abs"),
        /** Fitted to data; a recomputation gives the signs only. */
        CALIBRATED("calibrated"),
        /** The lower median of a soup's members. */
        VOTE("vote");

        private final String text;

        ScaleOrigin(String text) {
            this.text = text;
        }

        /** The header's word. */
        public String text() {
            return text;
        }

        /** The origin with that word. */
        public static Optional<ScaleOrigin> parse(String text) {
            for (ScaleOrigin origin : values()) {
                if (origin.text.equals(text)) {
                    return Optional.of(origin);
                }
            }
            return Optional.empty();
        }
    }

    /** Checks domain, clip and packing. */
    public DeltaMetadata {
        if (!domain.matches(DOMAIN)) {
            throw new IllegalArgumentException("the domain must match " + DOMAIN + ", not \"" + domain + "\"");
        }
        clipSigma.ifPresent(text -> {
            if (!text.matches("[0-9]{1,4}(\\.[0-9]{1,12})?")
                    || !decimal(Double.parseDouble(text)).equals(text)) {
                throw new IllegalArgumentException("clip_sigma is not a canonical decimal: \"" + text + "\"");
            }
        });
        packing.ifPresent(type -> {
            if (!ScaleCodec.knows(type)) {
                throw new IllegalArgumentException("scales of a packed file are F32, F16 or U8, not " + type);
            }
            if (scales == ScaleOrigin.VOTE) {
                throw new IllegalArgumentException("a soup is not packed: its votes are answered for entry by entry");
            }
        });
    }

    /** The facts of a plain file. */
    public DeltaMetadata(Hash32 baseHash, ScaleOrigin scales, Optional<String> clipSigma, String domain) {
        this(baseHash, scales, clipSigma, domain, Optional.empty());
    }

    /** These facts, of a file packed so. */
    DeltaMetadata packed(Optional<Dtype> type) {
        return new DeltaMetadata(baseHash, scales, clipSigma, domain, type);
    }

    /**
     * The number text of RFC 8785 for a clip.
     *
     * @throws IllegalArgumentException unless {@code 0.001 <= sigma <= 1000}
     */
    static String decimal(double sigma) {
        if (!(sigma >= 1e-3 && sigma <= 1e3)) {
            throw new IllegalArgumentException("a clip is between 0.001 and 1000 standard deviations, not " + sigma);
        }
        // Double.toString is the shortest text that reads back (JDK 19 and later); only its shape differs in this
        // range.
        return BigDecimal.valueOf(sigma).stripTrailingZeros().toPlainString();
    }
}
