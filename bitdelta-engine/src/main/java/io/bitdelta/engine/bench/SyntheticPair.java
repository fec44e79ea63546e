package io.bitdelta.engine.bench;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A base and a fine-tune of any size with the shapes of a language model: BF16 matrices of 4096 x 4096, uniform weights
 * in [-0.05, 0.05) from a seeded generator, and a fine-tune that differs by up to 0.005. The same seed gives the same
 * bytes.
 */
public final class SyntheticPair {
    private static final int SIDE = 4096;

    private SyntheticPair() {}

    /**
     * Writes {@code base.safetensors} and {@code finetuned.safetensors}.
     *
     * @param folder must exist
     * @param bytesEach about how large each file becomes, at least one matrix (32 MiB)
     */
    public static void write(Path folder, long bytesEach, long seed) throws IOException {
        int matrices = Math.toIntExact(Math.max(1, bytesEach / ((long) SIDE * SIDE * 2)));
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < matrices; i++) {
            entries.add(SafetensorsWriter.unplaced(
                    "model.layers.%d.mlp.up_proj.weight".formatted(i), Dtype.BF16, Shape.of(SIDE, SIDE)));
        }
        List<Entry> placed = SafetensorsWriter.place(entries);
        byte[] header = SafetensorsWriter.header(Map.of("format", "pt"), placed);
        try (Arena arena = Arena.ofConfined();
                WholeFile base = WholeFile.create(folder.resolve("base.safetensors"));
                WholeFile finetuned = WholeFile.create(folder.resolve("finetuned.safetensors"))) {
            base.write(MemorySegment.ofArray(header), 0);
            finetuned.write(MemorySegment.ofArray(header), 0);
            MemorySegment left = arena.allocate((long) SIDE * SIDE * 2, 64);
            MemorySegment right = arena.allocate((long) SIDE * SIDE * 2, 64);
            SplittableRandom random = new SplittableRandom(seed);
            for (Entry entry : placed) {
                fill(left, right, random);
                base.write(left, header.length + entry.begin());
                finetuned.write(right, header.length + entry.begin());
            }
            base.commit();
            finetuned.commit();
        }
    }

    /** Fills two segments of BF16 with weights and slightly changed weights. */
    static void fill(MemorySegment base, MemorySegment finetuned, SplittableRandom random) {
        long count = base.byteSize() / 2;
        for (long i = 0; i < count; i++) {
            long bits = random.nextLong();
            float weight = ((int) bits >> 8) * (0.05f / (1 << 23));
            float change = ((int) (bits >> 32) >> 8) * (0.005f / (1 << 23));
            base.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(weight) >>> 16));
            finetuned.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(weight + change) >>> 16));
        }
    }
}
