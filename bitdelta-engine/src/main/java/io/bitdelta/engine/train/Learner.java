package io.bitdelta.engine.train;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/** A variant of a model together with the way in which its result is written. */
interface Learner {
    /** What is learnt. */
    Variant variant();

    /** Writes the result, with the numbers that the variant's parameters have now. */
    void write(Path out, Hash32 baseHash, Workers workers) throws IOException;

    /** The learner of a method. */
    static Learner of(ModelWeights model, TrainOptions options, Arena arena) {
        return switch (options.method()) {
            case Method.Full full -> new FullLearner(model, new FullVariant(model, arena, true));
            case Method.Lora lora ->
                new LoraLearner(
                        lora,
                        new LoraVariant(
                                model.config(), new FullVariant(model, arena, false), lora, options.seed(), arena));
            case Method.Core core -> CoreLearner.of(model, core, options.threads(), arena);
        };
    }
}
