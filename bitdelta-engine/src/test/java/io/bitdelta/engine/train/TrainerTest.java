package io.bitdelta.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.codec.LoraImporter;
import io.bitdelta.engine.model.Projection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    private static final Path BASE = TestModels.tiny("base");

    @TempDir
    private Path folder;

    static TrainOptions options(Method method, int steps) {
        return new TrainOptions(method, steps, 4, 1, 32, 1e-3, 0.1, 0.0, 1.0, 7, 0.1, 4, 3, 3, 1, Optional.empty());
    }

    static Path text(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append("The quick brown fox number ")
                    .append(i % 7)
                    .append(" jumps over the lazy dog again and again.\n");
        }
        return Files.writeString(folder.resolve("text.txt"), text);
    }

    @Test
    void aTextIsLearntAndWrittenInTheBasesForm() throws IOException {
        Path out = folder.resolve("out");
        List<Double> losses = new ArrayList<>();
        TrainReport report = Trainer.train(
                BASE,
                text(folder),
                out,
                options(new Method.Full(), 12),
                new SplitMix64(1),
                (step, steps, loss) -> losses.add(loss));
        assertThat(losses).hasSize(12);
        assertThat(report.heldLoss().orElseThrow()).isLessThan(losses.getFirst() - 1);
        assertThat(Files.size(out.resolve("model.safetensors")))
                .isEqualTo(Files.size(BASE.resolve("model.safetensors")));
        assertThat(out.resolve("tokenizer.json")).exists();
        assertThat(out.resolve(Trainer.STATE)).doesNotExist();
    }

    @Test
    void aRunThatWasCutOffContinuesBitForBit() throws IOException {
        Path text = text(folder);
        TrainOptions options = options(new Method.Full(), 8);
        Path whole = folder.resolve("whole");
        Trainer.train(BASE, text, whole, options, new SplitMix64(1), TrainingWatch.NONE);
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() -> Trainer.train(BASE, text, cut, options, new SplitMix64(1), (step, steps, loss) -> {
                    if (step == 7) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        assertThat(cut.resolve(Trainer.STATE)).exists();
        TrainReport report = Trainer.train(BASE, text, cut, options, new SplitMix64(1), TrainingWatch.NONE);
        assertThat(report.resumedAt()).hasValue(6);
        assertThat(Files.mismatch(whole.resolve("model.safetensors"), cut.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void anotherRunsCheckpointIsRefused() throws IOException {
        Path text = text(folder);
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> Trainer.train(
                        BASE, text, out, options(new Method.Full(), 8), new SplitMix64(1), (step, steps, loss) -> {
                            if (step == 4) {
                                throw new IllegalStateException("killed");
                            }
                        }))
                .hasMessage("killed");
        assertThatThrownBy(() -> Trainer.train(
                        BASE, text, out, options(new Method.Full(), 9), new SplitMix64(1), TrainingWatch.NONE))
                .isInstanceOf(OtherRunException.class);
    }

    @Test
    void accumulationGivesTheGradientOfTheWholeBatch() throws IOException {
        Path text = text(folder);
        List<Double> whole = new ArrayList<>();
        List<Double> parts = new ArrayList<>();
        TrainOptions one = options(new Method.Full(), 3);
        TrainOptions four =
                new TrainOptions(one.method(), 3, 4, 4, 32, 1e-3, 0.1, 0.0, 1.0, 7, 0.1, 4, 3, 0, 1, Optional.empty());
        Trainer.train(BASE, text, folder.resolve("a"), one, new SplitMix64(1), (s, n, loss) -> whole.add(loss));
        Trainer.train(BASE, text, folder.resolve("b"), four, new SplitMix64(1), (s, n, loss) -> parts.add(loss));
        for (int i = 0; i < 3; i++) {
            assertThat(parts.get(i)).isCloseTo(whole.get(i), org.assertj.core.api.Assertions.within(1e-3));
        }
    }

    @Test
    void anAdapterIsWrittenAsPeftWritesOneAndBecomesADelta() throws IOException {
        Path out = folder.resolve("adapter");
        Method.Lora lora = new Method.Lora(4, 8, List.of(Projection.QUERY, Projection.DOWN));
        TrainReport report =
                Trainer.train(BASE, text(folder), out, options(lora, 6), new SplitMix64(1), TrainingWatch.NONE);
        assertThat(report.parameters()).isEqualTo(4L * 4 * (192 + 256 + 512 + 192));
        assertThat(LoraImporter.importAdapter(BASE, out, folder.resolve("x.bitdelta"), 4, 1)
                        .tensors())
                .isEqualTo(8);
    }

    @Test
    void trainingStopsWhenTheHeldOutTextIsNoLongerLearnt() throws IOException {
        TrainOptions hot = new TrainOptions(
                new Method.Full(), 60, 2, 1, 32, 5e-2, 0, 0.0, 1.0, 7, 0.2, 1, 2, 0, 1, Optional.empty());
        TrainReport report =
                Trainer.train(BASE, text(folder), folder.resolve("out"), hot, new SplitMix64(1), TrainingWatch.NONE);
        assertThat(report.stoppedEarly()).isTrue();
        assertThat(report.steps()).isLessThan(60);
    }

    /** A rate at which every step overshoots: no checkpoint, not even a half-written one. */
    @Test
    void aTrainingThatDivergesEndsWithOneLineAndWritesNothing() throws IOException {
        TrainOptions absurd =
                new TrainOptions(new Method.Full(), 60, 2, 1, 32, 1, 0, 0, 0, 1, 0, 50, 3, 0, 1, Optional.empty());
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> Trainer.train(BASE, text(folder), out, absurd, new SplitMix64(1), TrainingWatch.NONE))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("lower learning rate")
                .hasMessageNotContaining("\n");
        try (Stream<Path> written = Files.list(out)) {
            assertThat(written).isEmpty();
        }
    }

    @Test
    void whatCannotBeLearntIsSaid() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), " \n");
        TrainOptions options = options(new Method.Full(), 2);
        assertThatThrownBy(() ->
                        Trainer.train(BASE, empty, folder.resolve("o"), options, new SplitMix64(1), TrainingWatch.NONE))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("empty");
        Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> Trainer.train(
                        BASE, binary, folder.resolve("o"), options, new SplitMix64(1), TrainingWatch.NONE))
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> new TrainOptions(
                        new Method.Full(), 2, 4, 1, 32, -1, 0.1, 0.0, 1.0, 7, 0.1, 4, 3, 3, 1, Optional.empty()))
                .isInstanceOf(TrainingOptionException.class)
                .hasMessageContaining("-1");
    }
}
