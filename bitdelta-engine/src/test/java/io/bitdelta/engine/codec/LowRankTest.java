package io.bitdelta.engine.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranks chosen by a budget: what the factors are, and that everybody gets the same ones. */
class LowRankTest {
    private static final long SMALL = 40_000;

    @TempDir
    private Path folder;

    private CompressReport compress(String name, int threads) throws IOException {
        return DeltaCompressor.compress(
                TestModels.tiny("base"),
                TestModels.tiny("user-a"),
                folder.resolve(name),
                CompressOptions.defaults().withBudget(OptionalLong.of(SMALL)).withThreads(threads),
                Progress.NONE);
    }

    @Test
    void aSmallBudgetChoosesRanksAndTheCurveTellsTheTruth() throws IOException {
        CompressReport report = compress("delta", 2);
        assertThat(report.choices()).anyMatch(choice -> choice.kind().equals("lowrank"));
        DeltaApplier.apply(folder.resolve("delta"), TestModels.tiny("base"), folder.resolve("rebuilt"));
        // bf16 rounding of the rebuilt weights adds a little to the error that was promised.
        assertThat(distance("rebuilt")).isCloseTo(report.relativeError(), within(0.02));
    }

    private double distance(String rebuilt) throws IOException {
        double lost = 0;
        double total = 0;
        try (Checkpoint base = Checkpoint.open(TestModels.tiny("base"));
                Checkpoint wanted = Checkpoint.open(TestModels.tiny("user-a"));
                Checkpoint found = Checkpoint.open(folder.resolve(rebuilt))) {
            for (Tensor tensor : base.tensors()) {
                double[] b = TestModels.numbers(tensor);
                double[] w = TestModels.numbers(wanted.tensor(tensor.name()).orElseThrow());
                double[] f = TestModels.numbers(found.tensor(tensor.name()).orElseThrow());
                for (int i = 0; i < b.length; i++) {
                    lost += (w[i] - f[i]) * (w[i] - f[i]);
                    total += (w[i] - b[i]) * (w[i] - b[i]);
                }
            }
        }
        return Math.sqrt(lost / total);
    }

    @Test
    void anyNumberOfThreadsGivesTheSameFactors() throws IOException {
        compress("one", 1);
        for (int threads = 2; threads <= 4; threads++) {
            compress("many", threads);
            assertThat(folder.resolve("many")).hasSameBinaryContentAs(folder.resolve("one"));
        }
    }

    @Test
    void recomputingGivesTheSameBytesAndAChangedOneIsFound() throws IOException {
        compress("delta", 1);
        Path delta = folder.resolve("delta");
        assertThat(verify(delta).ok()).as(verify(delta).toString()).isTrue();
        byte[] bytes = Files.readAllBytes(delta);
        bytes[bytes.length - 1] ^= 1;
        assertThat(verify(Files.write(folder.resolve("bad"), bytes)).ok()).isFalse();
    }

    private static VerifyReport verify(Path delta) throws IOException {
        return DeltaVerifier.verify(
                delta, Optional.of(TestModels.tiny("base")), Optional.of(TestModels.tiny("user-a")), 2, Progress.NONE);
    }

    @Test
    void aDeltaOfThreeDirectionsIsFoundWhole() throws IOException {
        int rows = 70;
        int columns = 45;
        Random random = new Random(5);
        double[] change = new double[rows * columns];
        for (int k = 0; k < 3; k++) {
            double[] u = random.doubles(rows, -1, 1).toArray();
            double[] v = random.doubles(columns, -1, 1).toArray();
            for (int i = 0; i < change.length; i++) {
                change[i] += u[i / columns] * v[i % columns] / (1 << k);
            }
        }
        Shape shape = Shape.of(rows, columns);
        Path from = new TestModels()
                .tensor("w", Dtype.F64, shape, new double[rows * columns])
                .write(folder.resolve("from.safetensors"));
        Path to = new TestModels().tensor("w", Dtype.F64, shape, change).write(folder.resolve("to.safetensors"));
        try (Checkpoint base = Checkpoint.open(from);
                Checkpoint finetuned = Checkpoint.open(to);
                Workers workers = Workers.of(2)) {
            LowRankFactors factors = LowRankFactors.of(
                    base.tensor("w").orElseThrow(), finetuned.tensor("w").orElseThrow(), workers);
            double worst = 0;
            for (int i = 0; i < change.length; i++) {
                double sum = 0;
                for (int k = 0; k < 3; k++) {
                    sum += factors.b()[i / columns * factors.rank() + k] * factors.a()[k * columns + i % columns];
                }
                worst = Math.max(worst, Math.abs(sum - change[i]));
            }
            // Deltas are binary32: that is how far the first three directions may be off.
            assertThat(worst).isLessThan(1e-6);
        }
    }

    @Test
    void eigenvectorsRebuildTheirMatrix() {
        Random random = new Random(3);
        int n = 12;
        double[] x = random.doubles(40L * n, -1, 1).toArray();
        double[][] matrix = LowRankFactors.gram(x, n);
        SmallEigen eigen = SmallEigen.of(matrix);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
                }
                assertThat(sum).isCloseTo(matrix[i][j], within(1e-10));
            }
        }
        double[] sorted = eigen.values().clone();
        Arrays.sort(sorted);
        for (int i = 0; i < n; i++) {
            assertThat(eigen.values()[i]).isEqualTo(sorted[n - 1 - i]);
        }
    }
}
