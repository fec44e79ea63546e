package io.bitdelta.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.bitdelta.engine.TestModels;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.TextTokenizer;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Torch;
import io.bitdelta.engine.model.twin.Twin;
import io.bitdelta.engine.privacy.BudgetExceededException;
import io.bitdelta.engine.privacy.BudgetLedger;
import io.bitdelta.engine.privacy.GaussianAccountant;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateTrainingTest {
    private static final Path BASE = TestModels.tiny("base");

    @TempDir
    private Path folder;

    private TrainOptions options(int steps, double epsilon, String run) {
        return new TrainOptions(
                new Method.Lora(2, 4, List.of(Projection.QUERY)),
                steps,
                3,
                1,
                16,
                1e-3,
                0,
                0,
                0.5,
                7,
                0,
                10,
                1,
                0,
                1,
                Optional.of(new PrivateOptions(epsilon, 1e-5, 0.5, folder.resolve("user.ledger"), run)));
    }

    @Test
    void theClippedSumIsThatOfGradientsTakenOneByOne() throws IOException {
        try (ModelWeights model = ModelWeights.open(BASE);
                TextTokenizer tokenizer = TextTokenizer.open(BASE);
                Arena arena = Arena.ofShared();
                Torch torch = Torch.start(1)) {
            TrainingSet set = TrainingSet.read(TrainerTest.text(folder), tokenizer, model.config(), 16, 0);
            FullVariant variant = new FullVariant(model, arena, true);
            GradientSource source = new GradientSource(torch, new Twin(model.config(), arena), variant);
            List<Example> examples = set.learn().subList(0, 4);
            double clip = 1.5;
            List<double[]> expected = zeros(variant.parameters());
            int clipped = 0;
            for (Example example : examples) {
                List<float[]> gradient = source.mean(List.of(example), 1).gradients();
                double square = 0;
                for (float[] part : gradient) {
                    for (float g : part) {
                        square += (double) g * g;
                    }
                }
                double factor = Math.min(1, clip / Math.sqrt(square));
                clipped += factor < 1 ? 1 : 0;
                for (int p = 0; p < gradient.size(); p++) {
                    for (int i = 0; i < gradient.get(p).length; i++) {
                        expected.get(p)[i] += factor * gradient.get(p)[i];
                    }
                }
            }
            List<double[]> found = zeros(variant.parameters());
            source.clippedSum(examples, clip, found);
            double norm = 0;
            double worst = 0;
            for (int p = 0; p < found.size(); p++) {
                for (int i = 0; i < found.get(p).length; i++) {
                    worst = Math.max(worst, Math.abs(found.get(p)[i] - expected.get(p)[i]));
                    norm += found.get(p)[i] * found.get(p)[i];
                }
            }
            assertThat(worst).isLessThan(1e-6);
            assertThat(clipped).isPositive();
            assertThat(Math.sqrt(norm)).isLessThanOrEqualTo(clip * examples.size() * (1 + 1e-6));
            GradientSource.Result silent = source.clippedNoisyMean(List.of(), clip, 2, 4, new SplitMix64(3));
            double energy = 0;
            long count = 0;
            for (float[] part : silent.gradients()) {
                for (float g : part) {
                    energy += (double) g * g;
                    count++;
                }
            }
            assertThat(Math.sqrt(energy / (double) count)).isCloseTo(2 * clip / 4, within(0.01));
        }
    }

    @Test
    void aRunIsChargedItsTargetAndSettledWithWhatItSpent() throws IOException {
        Path ledger = folder.resolve("user.ledger");
        BudgetLedger.create(ledger, BudgetLedger.Amount.of(8, 1e-4)).close();
        TrainReport report = Trainer.train(
                BASE,
                TrainerTest.text(folder),
                folder.resolve("one"),
                options(3, 5, "one"),
                new SplitMix64(1),
                TrainingWatch.NONE);
        assertThat(report.loss()).isEmpty();
        assertThat(report.privacy().orElseThrow().epsilon())
                .isLessThanOrEqualTo(5)
                .isGreaterThan(4.99);
        assertThat(report.privacy().orElseThrow().json()).contains(GaussianAccountant.NAME);
        try (BudgetLedger open = BudgetLedger.open(ledger)) {
            assertThat(open.left().epsilonMilli()).isEqualTo(3000);
        }
        assertThatThrownBy(() -> Trainer.train(
                        BASE,
                        TrainerTest.text(folder),
                        folder.resolve("two"),
                        options(3, 3.5, "two"),
                        new SplitMix64(1),
                        TrainingWatch.NONE))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(folder.resolve("two/adapter_model.safetensors")).doesNotExist();
    }

    @Test
    void aRunThatDiesStaysChargedAndIsNotChargedTwiceWhenContinued() throws IOException {
        Path ledger = folder.resolve("user.ledger");
        BudgetLedger.create(ledger, BudgetLedger.Amount.of(6, 1e-4)).close();
        Path text = TrainerTest.text(folder);
        Path out = folder.resolve("one");
        TrainOptions plain = options(4, 5, "one");
        TrainOptions stored =
                new TrainOptions(plain.method(), 4, 3, 1, 16, 1e-3, 0, 0, 0.5, 7, 0, 10, 1, 2, 1, plain.privacy());
        assertThatThrownBy(() -> Trainer.train(BASE, text, out, stored, new SplitMix64(1), (step, steps, loss) -> {
                    if (step == 3) {
                        throw new IllegalStateException("killed");
                    }
                }))
                .hasMessage("killed");
        try (BudgetLedger open = BudgetLedger.open(ledger)) {
            assertThat(open.left().epsilonMilli()).isEqualTo(1000);
            assertThat(open.isOpen("one")).isTrue();
        }
        TrainReport report = Trainer.train(BASE, text, out, stored, new SplitMix64(2), TrainingWatch.NONE);
        assertThat(report.resumedAt()).hasValue(2);
        try (BudgetLedger open = BudgetLedger.open(ledger)) {
            assertThat(open.left().epsilonMilli()).isEqualTo(1000);
        }
    }

    @Test
    void aPrivateRunHoldsNothingOutAndItsTargetsAreChecked() {
        assertThatThrownBy(() -> new PrivateOptions(0, 1e-5, 1, folder, "x")).hasMessageContaining("epsilon");
        assertThatThrownBy(() -> new PrivateOptions(1, 0, 1, folder, "x")).hasMessageContaining("delta");
        assertThatThrownBy(() -> new PrivateOptions(1, 1e-5, 0, folder, "x")).hasMessageContaining("clipping");
        assertThatThrownBy(() -> new TrainOptions(
                        new Method.Full(),
                        2,
                        4,
                        1,
                        32,
                        1e-3,
                        0.1,
                        0.0,
                        1.0,
                        7,
                        0.1,
                        4,
                        3,
                        3,
                        1,
                        Optional.of(new PrivateOptions(1, 1e-5, 1, folder, "x"))))
                .isInstanceOf(TrainingOptionException.class)
                .hasMessageContaining("hold out");
    }

    private static List<double[]> zeros(List<FloatBlock> parameters) {
        List<double[]> zeros = new ArrayList<>();
        parameters.forEach(parameter -> zeros.add(new double[parameter.count()]));
        return zeros;
    }
}
