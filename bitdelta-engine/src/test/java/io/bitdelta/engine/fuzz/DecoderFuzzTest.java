package io.bitdelta.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LoraImporter;
import io.bitdelta.engine.foreign.ForeignImporter;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutation fuzzing of every decoder. Whatever the bytes: the file is read, or a typed error that names it is thrown; no
 * decoder allocates more than 64 MiB for an input of a few kilobytes. The seed of a run is printed; the seeds of the
 * corpus are in {@code fuzz/corpus.txt}.
 */
class DecoderFuzzTest {
    private static final long ALLOWED = 64L << 20;

    @TempDir
    private Path folder;

    private final Map<String, List<byte[]>> corpus = new TreeMap<>();
    private Path base;

    /** One decoder under test. */
    @FunctionalInterface
    private interface Decoder {
        void read(Path file) throws IOException;
    }

    @BeforeEach
    void readCorpus() throws IOException {
        try (InputStream in = Objects.requireNonNull(DecoderFuzzTest.class.getResourceAsStream("/fuzz/corpus.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                int colon = line.indexOf(':');
                corpus.computeIfAbsent(line.substring(0, colon), key -> new ArrayList<>())
                        .add(HexFormat.of().parseHex(line.substring(colon + 1)));
            });
        }
        base = new TestModels()
                .tensor("p.weight", Dtype.F32, Shape.of(2, 32), new double[64])
                .tensor("norm.weight", Dtype.F32, Shape.of(2), 1, 1)
                .tensor("odd.weight", Dtype.F32, Shape.of(3, 3), new double[9])
                .write(folder.resolve("base.safetensors"));
    }

    private Map<String, Decoder> decoders() throws IOException {
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        new TestModels()
                .tensor("base_model.model.p.lora_A.weight", Dtype.F32, Shape.of(1, 32), new double[32])
                .tensor("base_model.model.p.lora_B.weight", Dtype.F32, Shape.of(2, 1), 0, 1)
                .write(adapter.resolve("adapter_model.safetensors"));
        return Map.of(
                "checkpoint", file -> Checkpoint.open(file).close(),
                "delta",
                        file -> {
                            try (DeltaFile delta = DeltaFile.open(file)) {
                                delta.fileHash();
                            }
                        },
                "bdlt", file -> ForeignImporter.importBdlt(base, Map.of("odd.weight", file), folder.resolve("out")),
                "torch", file -> ForeignImporter.importTorch(base, file, folder.resolve("out")),
                "adapter",
                        file -> {
                            Files.copy(
                                    file, adapter.resolve("adapter_config.json"), StandardCopyOption.REPLACE_EXISTING);
                            LoraImporter.importAdapter(base, adapter, folder.resolve("out"), 1, 1);
                        });
    }

    @Test
    void aFewThousandMutationsOfEveryCorpusFile() throws IOException {
        for (String decoder : decoders().keySet()) {
            fuzz(decoder, 20_261_121L, 400, Long.MAX_VALUE);
        }
    }

    /** Ten minutes per decoder; writes its counts to {@code target/fuzz-result.txt}. */
    @Test
    @Tag("long")
    void manyMinutesOfMutations() throws IOException {
        long seconds = Long.getLong("bitdelta.fuzzSeconds", 600);
        StringBuilder result = new StringBuilder();
        for (String decoder : decoders().keySet()) {
            long deadline = System.nanoTime() + seconds * 1_000_000_000L;
            long done = fuzz(decoder, 7, Long.MAX_VALUE, deadline);
            result.append("%s: %d executions in %d s, seed 7, no finding%n".formatted(decoder, done, seconds));
        }
        Files.writeString(Path.of("target", "fuzz-result.txt"), result);
    }

    private long fuzz(String name, long seed, long executions, long deadline) throws IOException {
        Decoder decoder = Objects.requireNonNull(decoders().get(name));
        List<byte[]> seeds = Objects.requireNonNull(corpus.get(name), name);
        Mutator mutator = new Mutator(seed);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long done = 0;
        while (done < executions && System.nanoTime() < deadline) {
            byte[] bytes = mutator.mutate(seeds);
            Path file = Files.write(folder.resolve("input"), bytes);
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                decoder.read(file);
            } catch (EngineInputException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(name + " " + HexFormat.of().formatHex(bytes), e);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as(name + " " + HexFormat.of().formatHex(bytes))
                    .isLessThan(ALLOWED);
            done++;
        }
        return done;
    }
}
