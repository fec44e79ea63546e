package io.bitdelta.engine.train;

import io.bitdelta.engine.codec.CoreWriter;
import io.bitdelta.engine.codec.DeltaMetadata;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Cores are learnt; the result is a delta of kind core. */
final class CoreLearner implements Learner {
    /** The delta in the output folder. */
    static final String FILE = "core.bitdelta";

    private final Method.Core method;
    private final CoreVariant variant;
    private final long originalBytes;

    private CoreLearner(Method.Core method, CoreVariant variant, long originalBytes) {
        this.method = method;
        this.variant = variant;
        this.originalBytes = originalBytes;
    }

    static CoreLearner of(ModelWeights model, Method.Core method, int threads, Arena arena) {
        try (Workers workers = Workers.of(threads)) {
            CoreVariant variant = new CoreVariant(model, new FullVariant(model, arena, false), method, workers, arena);
            return new CoreLearner(method, variant, model.checkpoint().bytes());
        }
    }

    @Override
    public Variant variant() {
        return variant;
    }

    @Override
    public void write(Path out, Hash32 baseHash, Workers workers) throws IOException {
        List<CoreWriter.Core> cores = new ArrayList<>();
        variant.cores()
                .forEach((name, placed) -> cores.add(new CoreWriter.Core(
                        name,
                        placed.shape(),
                        placed.basis().id(),
                        method.rank(),
                        placed.exact().toArray())));
        CoreWriter.write(out.resolve(FILE), baseHash, DeltaMetadata.GENERAL, cores, method.bits(), originalBytes);
    }
}
