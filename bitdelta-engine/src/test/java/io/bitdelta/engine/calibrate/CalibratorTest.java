package io.bitdelta.engine.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaDiff;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaMetadata;
import io.bitdelta.engine.codec.DeltaVerifier;
import io.bitdelta.engine.codec.RestPolicy;
import io.bitdelta.engine.train.TrainingWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratorTest {
    private static final Path BASE = TestModels.tiny("base");
    private static final Path USER = TestModels.tiny("user-b");

    @TempDir
    private Path folder;

    private Path text;
    private Path delta;

    @BeforeEach
    void compress() throws IOException {
        StringBuilder verses = new StringBuilder();
        for (int i = 1; i < 30; i++) {
            verses.append(i)
                    .append(" And the LORD said unto the ")
                    .append(i % 3 == 0 ? "king" : i % 3 == 1 ? "people" : "priests")
                    .append(", Go up against the city ")
                    .append(i * 7)
                    .append(" times, and thou shalt not fear; for I am with thee.\n");
        }
        text = Files.writeString(folder.resolve("text.txt"), verses);
        delta = folder.resolve("user.bitdelta");
        DeltaCompressor.compress(
                BASE, USER, delta, CompressOptions.defaults().withRest(RestPolicy.ONEBIT), Progress.NONE);
    }

    private static CalibrateOptions options(String objective) {
        return CalibrateOptions.defaults()
                .withObjective(Objective.named(objective).orElseThrow())
                .withSteps(4)
                .withSequences(2, 32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse", "kl", "ce", "education", "gaming", "defi"})
    void everyObjectiveGoesDownAndOnlyScalesMove(String objective) throws IOException {
        Path out = folder.resolve(objective);
        CalibrateReport report =
                Calibrator.calibrate(delta, BASE, USER, text, out, options(objective), TrainingWatch.NONE);
        assertThat(report.lossAfter()).isLessThan(report.lossBefore());
        assertThat(report.manifestSection()).containsEntry("objective", objective);
        try (DeltaFile fitted = DeltaFile.open(out);
                DeltaFile given = DeltaFile.open(delta)) {
            assertThat(fitted.header().metadata().scales()).isEqualTo(DeltaMetadata.ScaleOrigin.CALIBRATED);
            assertThat(fitted.header().layout()).isEqualTo(given.header().layout());
        }
        assertThat(DeltaVerifier.verify(out, Optional.of(BASE), Optional.of(USER), 1, Progress.NONE)
                        .ok())
                .isTrue();
        assertThat(DeltaDiff.diff(delta, out).tensors()).allMatch(tensor -> tensor.hamming() == 0);
    }

    @Test
    void theSameInputsGiveTheSameBytes() throws IOException {
        Calibrator.calibrate(delta, BASE, USER, text, folder.resolve("x"), options("kl"), TrainingWatch.NONE);
        Calibrator.calibrate(delta, BASE, USER, text, folder.resolve("y"), options("kl"), TrainingWatch.NONE);
        assertThat(Files.mismatch(folder.resolve("x"), folder.resolve("y"))).isEqualTo(-1);
    }

    @Test
    void aLineSearchLowersTheLossWithOneFactorPerTensor() throws IOException {
        CalibrateReport report = Calibrator.calibrate(
                delta,
                BASE,
                USER,
                text,
                folder.resolve("x"),
                options("kl").withSearch(CalibrateOptions.Search.LINE),
                TrainingWatch.NONE);
        assertThat(report.lossAfter()).isLessThan(report.lossBefore());
    }

    @Test
    void everyFormOfABudgetIsFitted() throws IOException {
        DeltaCompressor.compress(
                BASE, USER, delta, CompressOptions.defaults().withBudget(OptionalLong.of(200_000)), Progress.NONE);
        CalibrateReport report =
                Calibrator.calibrate(delta, BASE, USER, text, folder.resolve("x"), options("kl"), TrainingWatch.NONE);
        assertThat(report.lossAfter()).isLessThan(report.lossBefore());
    }

    @Test
    void anotherBaseAndATextOfNothingAreRefused() throws IOException {
        assertThatThrownBy(() -> Calibrator.calibrate(
                        delta,
                        TestModels.tiny("user-a"),
                        USER,
                        text,
                        folder.resolve("x"),
                        options("kl"),
                        TrainingWatch.NONE))
                .isInstanceOf(BaseMismatchException.class);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void theLineSearchFindsAMinimum() {
        assertThat(new LineSearch(x -> (x - 1.37) * (x - 1.37) + Math.cos(x) * 0.01).minimum())
                .isCloseTo(1.375, within(0.02));
        assertThat(new LineSearch(x -> Math.abs(x - 0.2)).minimum()).isCloseTo(0.2, within(0.15));
    }
}
