package io.bitdelta.engine.codec;

import io.bitdelta.engine.codec.DiffReport.TensorDistance;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares the signs of two deltas. */
public final class DeltaDiff {
    private DeltaDiff() {}

    /** Compares two delta files. */
    public static DiffReport diff(Path first, Path second) throws IOException {
        try (DeltaFile left = DeltaFile.open(first);
                DeltaFile right = DeltaFile.open(second)) {
            Map<String, LayoutEntry> others = new HashMap<>();
            right.layout().forEach(entry -> others.put(entry.name(), entry));
            List<TensorDistance> tensors = new ArrayList<>();
            List<String> onlyFirst = new ArrayList<>();
            for (LayoutEntry entry : left.layout()) {
                if (entry instanceof LayoutEntry.Sign sign
                        && others.get(sign.name()) instanceof LayoutEntry.Sign other
                        && other.shape().equals(sign.shape())) {
                    tensors.add(distance(sign, left.signs(sign, 0), right.signs(other, 0)));
                    others.remove(sign.name());
                } else if (!entry.equals(others.remove(entry.name()))) {
                    onlyFirst.add(entry.name());
                }
            }
            return new DiffReport(
                    left.header()
                            .metadata()
                            .baseHash()
                            .equals(right.header().metadata().baseHash()),
                    tensors.stream().mapToLong(TensorDistance::weights).sum(),
                    tensors.stream().mapToLong(TensorDistance::hamming).sum(),
                    tensors,
                    onlyFirst,
                    others.keySet().stream().sorted().toList());
        }
    }

    private static TensorDistance distance(LayoutEntry.Sign sign, MemorySegment left, MemorySegment right) {
        long hamming = 0;
        long size = left.byteSize();
        long at = 0;
        for (; at + Long.BYTES <= size; at += Long.BYTES) {
            hamming += Long.bitCount(
                    left.get(ValueLayout.JAVA_LONG_UNALIGNED, at) ^ right.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
        }
        for (; at < size; at++) {
            int different = left.get(ValueLayout.JAVA_BYTE, at) ^ right.get(ValueLayout.JAVA_BYTE, at);
            hamming += Integer.bitCount(different & 0xFF);
        }
        long weights = sign.shape().count();
        return new TensorDistance(sign.name(), weights, hamming, weights == 0 ? 0 : (double) hamming / weights);
    }
}
