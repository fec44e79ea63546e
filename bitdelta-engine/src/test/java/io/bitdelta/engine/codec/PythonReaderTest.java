package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An independent reader, of the file format's words alone, rebuilds the same weights. */
class PythonReaderTest {
    private static final long[][] SHAPES = {
        {1, 1}, {3, 13}, {5, 8193}, {64, 172}, {2, 256}, {7}, {4097, 3}, {3, 2, 5}, {0, 4}
    };

    @TempDir
    private Path folder;

    private Path script;

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @BeforeEach
    void needsNumpy() throws InterruptedException, IOException {
        int code;
        try {
            code = run("python3", "-c", "import numpy");
        } catch (IOException e) {
            code = -1;
        }
        Assumptions.assumeTrue(code == 0, "no python3 with numpy");
        script = folder.resolve("read_delta.py");
        try (InputStream in = Objects.requireNonNull(PythonReaderTest.class.getResourceAsStream("/read_delta.py"))) {
            Files.write(script, in.readAllBytes());
        }
    }

    @Test
    void oddShapesInEveryFormAreReadAlike() throws IOException, InterruptedException {
        Random random = new Random(11);
        TestModels base = new TestModels();
        TestModels finetuned = new TestModels();
        for (int i = 0; i < SHAPES.length; i++) {
            Shape shape = Shape.of(SHAPES[i]);
            int count = (int) shape.count();
            double[] before = random.doubles(count, -1, 1).toArray();
            double[] after = before.clone();
            for (int j = 0; j < count; j++) {
                after[j] += random.nextInt(4) == 0 ? 0 : random.nextGaussian() / 50;
            }
            Dtype dtype = i % 3 == 0 ? Dtype.BF16 : i % 3 == 1 ? Dtype.F32 : Dtype.F16;
            base.tensor("t" + i, dtype, shape, before);
            finetuned.tensor("t" + i, dtype, shape, after);
        }
        Path from = base.write(folder.resolve("base.safetensors"));
        Path to = finetuned.write(folder.resolve("finetuned.safetensors"));
        for (String granularity : new String[] {"tensor", "row", "column", "group:16", "group:30", "group:5000"}) {
            for (int bits = 1; bits <= 4; bits += 3) {
                CompressOptions options = CompressOptions.defaults()
                        .withGranularity(Granularity.parse(granularity).orElseThrow())
                        .withBits(bits)
                        .withRest(RestPolicy.ONEBIT)
                        .withScaleType(bits == 4 ? Dtype.F16 : Dtype.F32);
                Path delta = folder.resolve("delta");
                DeltaCompressor.compress(from, to, delta, options, Progress.NONE);
                Path out = folder.resolve("out");
                assertThat(run("python3", script.toString(), from.toString(), delta.toString(), out.toString()))
                        .isZero();
                compare(delta, from, out, granularity + " " + bits);
            }
        }
    }

    /** Two hundred files of random tensors in random forms, all read by one process: starting Python takes longest. */
    @Test
    void randomShapesInRandomFormsAreReadAlike() throws IOException, InterruptedException {
        Random random = new Random(20_261_121);
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        List<Path[]> cases = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Path from = folder.resolve("base" + i);
            Path to = folder.resolve("finetuned" + i);
            writePair(random, from, to);
            Path delta = folder.resolve("delta" + i);
            DeltaCompressor.compress(from, to, delta, anyForm(random), Progress.NONE);
            Path out = folder.resolve("out" + i);
            command.addAll(List.of(from.toString(), delta.toString(), out.toString()));
            cases.add(new Path[] {delta, from, out});
        }
        assertThat(run(command.toArray(String[]::new))).isZero();
        for (Path[] files : cases) {
            compare(files[0], files[1], files[2], files[0].toString());
        }
    }

    private static void writePair(Random random, Path from, Path to) {
        TestModels base = new TestModels();
        TestModels finetuned = new TestModels();
        int tensors = 1 + random.nextInt(4);
        for (int t = 0; t < tensors; t++) {
            long[] dims = new long[1 + random.nextInt(3)];
            for (int d = 0; d < dims.length; d++) {
                // Tensor 0 is never empty: a delta of nothing would be refused.
                dims[d] = random.nextInt(8) == 0 && t > 0 ? 0 : 1 + random.nextInt(dims.length == 3 ? 12 : 150);
            }
            int count = (int) Shape.of(dims).count();
            double[] before = random.doubles(count, -1, 1).toArray();
            double[] after = before.clone();
            for (int j = 0; j < count; j++) {
                after[j] += random.nextInt(4) == 0 && j > 0 ? 0 : 0.1 + random.nextGaussian() / 20;
            }
            Dtype[] types = {Dtype.BF16, Dtype.F32, Dtype.F16};
            Dtype dtype = types[random.nextInt(types.length)];
            base.tensor("t" + t, dtype, Shape.of(dims), before);
            finetuned.tensor("t" + t, dtype, Shape.of(dims), after);
        }
        base.write(from);
        finetuned.write(to);
    }

    private static CompressOptions anyForm(Random random) {
        Granularity granularity =
                switch (random.nextInt(4)) {
                    case 0 -> Granularity.TENSOR;
                    case 1 -> Granularity.ROW;
                    case 2 -> Granularity.COLUMN;
                    default -> Granularity.group(1 + random.nextInt(200));
                };
        CompressOptions plain = CompressOptions.defaults();
        CompressOptions options =
                switch (random.nextInt(5)) {
                    case 0 -> plain.withScaleType(Dtype.F32);
                    case 1 -> plain.withScaleType(Dtype.F16);
                    case 2 -> plain.withPacking(Dtype.F32);
                    case 3 -> plain.withPacking(Dtype.F16);
                    default -> plain.withPacking(Dtype.U8);
                };
        return options.withGranularity(granularity)
                .withBits(1 + random.nextInt(4))
                .withClipSigma(random.nextInt(3) == 0 ? OptionalDouble.of(2.5) : OptionalDouble.empty())
                .withThreads(1 + random.nextInt(2))
                .withRest(RestPolicy.ONEBIT);
    }

    /** The engine's own rebuild, before rounding to the base's type. */
    private static void compare(Path delta, Path base, Path out, String what) throws IOException {
        ByteBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.LITTLE_ENDIAN);
        try (DeltaFile file = DeltaFile.open(delta);
                Checkpoint checkpoint = Checkpoint.open(base)) {
            for (LayoutEntry.Sign sign : file.header().signs()) {
                Tensor tensor = checkpoint.tensor(sign.name()).orElseThrow();
                long columns = sign.shape().columns();
                for (long row = 0; row < sign.shape().rows(); row++) {
                    float[] rebuilt = WeightsOfRow.of(file, sign, tensor, row);
                    for (int column = 0; column < columns; column++) {
                        assertThat(numbers.getFloat())
                                .as("%s %s [%d,%d]", what, sign.name(), row, column)
                                .isEqualTo(rebuilt[column]);
                    }
                }
            }
        }
        assertThat(numbers.hasRemaining()).isFalse();
    }
}
