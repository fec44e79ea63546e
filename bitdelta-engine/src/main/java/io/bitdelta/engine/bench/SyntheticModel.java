package io.bitdelta.engine.bench;

import io.bitdelta.engine.codec.DeltaHeader;
import io.bitdelta.engine.codec.DeltaMetadata;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.TensorNames;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A checkpoint of Qwen3's shape with random BF16 weights, and deltas over it with random signs: what the speed of a
 * forward pass depends on, without what makes sense. The same seed gives the same bytes.
 */
public final class SyntheticModel {
    private static final int STEP = 1 << 20;

    private SyntheticModel() {}

    /**
     * The configuration: 2048 wide, 16 query heads over 8 key heads of 128, MLP of 6144, 65536 tokens, tied head.
     *
     * @param layers 50.3 million weights each; 18 make 1.04 billion in all
     */
    static String config(int layers) {
        return """
                {"model_type":"qwen3","vocab_size":65536,"hidden_size":2048,"intermediate_size":6144,
                 "num_hidden_layers":%d,"num_attention_heads":16,"num_key_value_heads":8,"head_dim":128,
                 "max_position_embeddings":4096,"rms_norm_eps":1e-6,"rope_theta":1000000,"hidden_act":"silu",
                 "tie_word_embeddings":true}
                """.formatted(layers);
    }

    /** Writes {@code config.json} and {@code model.safetensors} into a folder that exists. */
    public static void write(Path folder, int layers, long seed) throws IOException {
        Files.writeString(folder.resolve("config.json"), config(layers));
        ModelConfig config = ModelConfig.read(folder);
        List<Entry> entries = new ArrayList<>();
        TensorNames.all(config)
                .forEach((name, shape) -> entries.add(SafetensorsWriter.unplaced(name, Dtype.BF16, shape)));
        List<Entry> placed = SafetensorsWriter.place(entries);
        SplittableRandom random = new SplittableRandom(seed);
        // Sign and mantissa at random, the exponent that of 1/128: as large as trained weights are.
        Words weights = () -> (random.nextLong() & 0x807F807F807F807FL) | 0x3C003C003C003C00L;
        Words ones = () -> 0x3F803F803F803F80L;
        write(
                folder.resolve("model.safetensors"),
                SafetensorsWriter.header(Map.of("format", "pt"), placed),
                placed,
                entry -> entry.name().contains("norm") ? ones : weights);
    }

    /** Writes a delta with one scale per row of every projection. */
    public static void writeDelta(Path file, ModelConfig config, Hash32 baseHash, long seed) throws IOException {
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                Shape shape = Shape.of(projection.rows(config), projection.columns(config));
                LayoutEntry.Sign sign = new LayoutEntry.Sign(
                        TensorNames.weight(layer, projection), Dtype.BF16, shape, Granularity.ROW, 1);
                planned.add(new DeltaHeader.Planned(sign, Dtype.F32, false));
            }
        }
        DeltaMetadata metadata = new DeltaMetadata(
                baseHash, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL);
        DeltaHeader header = DeltaHeader.place(metadata, planned);
        SplittableRandom random = new SplittableRandom(seed);
        long scale = Float.floatToRawIntBits(0x1p-10f);
        Words scales = () -> (scale << 32) | scale;
        write(file, header.encode(), header.entries(), entry -> entry.dtype() == Dtype.F32 ? scales : random::nextLong);
    }

    @FunctionalInterface
    private interface Words {
        long next();
    }

    @FunctionalInterface
    private interface Source {
        Words of(Entry entry);
    }

    private static void write(Path path, byte[] header, List<Entry> placed, Source source) throws IOException {
        try (Arena arena = Arena.ofConfined();
                WholeFile file = WholeFile.create(path)) {
            file.write(MemorySegment.ofArray(header), 0);
            MemorySegment step = arena.allocate(STEP, Long.BYTES);
            for (Entry entry : placed) {
                Words words = source.of(entry);
                for (long at = entry.begin(); at < entry.end(); at += STEP) {
                    long count = Math.min(STEP, entry.end() - at);
                    for (long i = 0; i < (count + 7) / 8; i++) {
                        step.setAtIndex(ValueLayout.JAVA_LONG, i, words.next());
                    }
                    file.write(step.asSlice(0, count), header.length + at);
                }
            }
            file.commit();
        }
    }
}
