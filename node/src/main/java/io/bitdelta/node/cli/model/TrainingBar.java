package io.bitdelta.node.cli.model;

import io.bitdelta.engine.train.TrainingWatch;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.cli.TerminalProgress;
import org.jspecify.annotations.Nullable;

/** Shows a training: a bar with the time left on a terminal, and a line with the loss every tenth of the way. */
public final class TrainingBar implements TrainingWatch, AutoCloseable {
    private final Output output;
    private @Nullable TerminalProgress bar;

    /** A bar that starts with the first step. */
    public TrainingBar(Output output) {
        this.output = output;
    }

    @Override
    public void stepped(int step, int steps, double loss) {
        TerminalProgress shown = bar;
        if (shown == null) {
            shown = TerminalProgress.start("train", steps - step + 1);
            bar = shown;
        }
        shown.add(1);
        int tenth = Math.max(1, steps / 10);
        if (step % tenth == 0) {
            output.say("step %d of %d, loss %.4f".formatted(step, steps, loss));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
