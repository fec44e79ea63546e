package io.bitdelta.node.publish;

import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import java.util.List;

/** The words that a manifest uses for how a delta was made; labels for people, the layout is what counts. */
public final class DeltaLabels {
    private static final String MIXED = "mixed";

    private DeltaLabels() {}

    /** Bits per weight, e.g. {@code 1bit}; {@code mixed} when tensors differ. */
    public static String compression(DeltaFile file) {
        List<Integer> bits = file.header().signs().stream()
                .map(LayoutEntry.Sign::bits)
                .distinct()
                .toList();
        return bits.size() == 1 ? bits.getFirst() + "bit" : MIXED;
    }

    /** Granularity of the scales, e.g. {@code row}; {@code mixed} when tensors differ. */
    public static String scales(DeltaFile file) {
        List<String> granularities = file.header().signs().stream()
                .map(sign -> sign.granularity().toString())
                .distinct()
                .toList();
        return granularities.size() == 1 ? granularities.getFirst() : MIXED;
    }
}
