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
import org.junit.jupiter.params.provider.CsvSource;
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

    @ParameterizedTest
    @CsvSource({
        "kl, agreement",
        "ce, perplexity",
        "general, perplexity",
        "gaming, emphasisedPerplexity",
        "education, emphasisedPerplexity",
        "defi, emphasisedAccuracy"
    })
    void everyObjectiveIsJudgedByItsOwnMetric(String objective, String metric) throws IOException {
        CalibrateReport report = Calibrator.calibrate(
                delta, BASE, USER, text, folder.resolve("x"), options(objective), TrainingWatch.NONE);
        assertThat(report.manifestSection()).containsEntry("metric", metric);
        CalibrateReport.Judged judged = report.judged();
        switch (judged.metric()) {
            case AGREEMENT, EMPHASISED_ACCURACY -> assertThat(judged.after()).isBetween(0.0, 1.0);
            // All positions of the held-out part count, so that the figure is the one that every report has.
            case PERPLEXITY -> assertThat(judged.after()).isCloseTo(report.perplexityAfter(), within(1e-3));
            // Of a text of some hundred tokens nothing may be held out that the domain emphasises.
            case EMPHASISED_PERPLEXITY -> {
                if (judged.positions() > 0) {
                    assertThat(judged.after()).isGreaterThan(1);
                } else {
                    assertThat(judged.after()).isNaN();
                    assertThat(report.manifestSection()).doesNotContainKey("metricAfter");
                }
            }
        }
    }

    /** Figures stand in every line of the text: as many as the tokenizer makes of them are what the accuracy is of. */
    @Test
    void figuresAreCountedWhereTheyStand() throws IOException {
        CalibrateReport report =
                Calibrator.calibrate(delta, BASE, USER, text, folder.resolve("x"), options("defi"), TrainingWatch.NONE);
        assertThat(report.judged().positions()).isBetween(2L, 40L);
        assertThat(report.manifestSection()).containsKeys("metricBefore", "metricAfter", "metricPositions");
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
