package io.bitdelta.engine.train;

import io.bitdelta.engine.model.twin.AdamW;
import io.bitdelta.engine.model.twin.FloatBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The state of a run between two steps: numbers, moments, the best so far; can be stored and continued. */
final class Run {
    private final List<FloatBlock> parameters;
    private final AdamW optimiser;
    private final Path file;
    private final String fingerprint;
    private List<float[]> best = List.of();
    private double bestLoss = Double.POSITIVE_INFINITY;
    private int worse;
    private double tailLoss;
    private int tailSteps;
    private long tokens;
    private int step;

    Run(List<FloatBlock> parameters, AdamW optimiser, Path file, String fingerprint) {
        this.parameters = parameters;
        this.optimiser = optimiser;
        this.file = file;
        this.fingerprint = fingerprint;
    }

    /** Continues from the checkpoint, if there is one. */
    void resume() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        TrainingState state = TrainingState.read(file);
        int count = parameters.size();
        if (!state.fingerprint().equals(fingerprint) || state.numbers().size() < 3 * count) {
            throw new OtherRunException(file);
        }
        for (int p = 0; p < count; p++) {
            parameters.get(p).assign(state.numbers().get(p));
            copy(state.numbers().get(count + p), optimiser.first().get(p));
            copy(state.numbers().get(2 * count + p), optimiser.second().get(p));
        }
        best = List.copyOf(state.numbers().subList(3 * count, state.numbers().size()));
        step = state.step();
        optimiser.resume(step);
        bestLoss = number(state, "best");
        worse = (int) number(state, "worse");
        tailLoss = number(state, "tail");
        tailSteps = (int) number(state, "tailSteps");
        tokens = (long) number(state, "tokens");
    }

    private double number(TrainingState state, String fact) {
        String text = state.facts().get(fact);
        if (text == null) {
            throw new TrainingDataException(file, "it has no \"" + fact + "\"; delete it to start over");
        }
        return Double.parseDouble(text);
    }

    private static void copy(float[] from, float[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }

    void checkpoint() throws IOException {
        List<float[]> numbers = new ArrayList<>();
        parameters.forEach(parameter -> numbers.add(parameter.toArray()));
        numbers.addAll(optimiser.first());
        numbers.addAll(optimiser.second());
        numbers.addAll(best);
        new TrainingState(
                        fingerprint,
                        step,
                        numbers,
                        Map.of(
                                "best", String.valueOf(bestLoss),
                                "worse", String.valueOf(worse),
                                "tail", String.valueOf(tailLoss),
                                "tailSteps", String.valueOf(tailSteps),
                                "tokens", String.valueOf(tokens)))
                .write(file);
    }

    /** Notes a step; the losses of the last tenth are averaged. */
    void stepped(double loss, long learnt, int steps) {
        step++;
        tokens += learnt;
        if (step > steps - Math.max(1, steps / 10)) {
            tailLoss += loss;
            tailSteps++;
        } else {
            tailLoss = loss;
            tailSteps = 1;
        }
        if (step == steps - Math.max(1, steps / 10)) {
            tailLoss = 0;
            tailSteps = 0;
        }
    }

    /** Notes the loss on what is held out; true if it has not fallen for {@code patience} looks. */
    boolean looked(double loss, int patience) {
        if (loss < bestLoss) {
            bestLoss = loss;
            worse = 0;
            best = parameters.stream().map(FloatBlock::toArray).toList();
            return false;
        }
        worse++;
        return worse >= patience;
    }

    /** Goes back to the numbers that did best on what is held out. */
    void keepBest() {
        for (int p = 0; p < best.size(); p++) {
            parameters.get(p).assign(best.get(p));
        }
    }

    int step() {
        return step;
    }

    long tokens() {
        return tokens;
    }

    OptionalDouble heldLoss() {
        return Double.isInfinite(bestLoss) ? OptionalDouble.empty() : OptionalDouble.of(bestLoss);
    }

    double loss() {
        return tailSteps == 0 ? Double.NaN : tailLoss / tailSteps;
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
