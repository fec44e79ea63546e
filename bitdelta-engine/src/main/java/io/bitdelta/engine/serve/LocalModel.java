package io.bitdelta.engine.serve;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.KernelCausalLm;
import io.bitdelta.engine.model.KernelCausalLm.SignActivations;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.tensor.WeightsHashCache;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model from local files, with at most one delta, ready to compute: weights, threads and delta open and close together. */
public final class LocalModel implements AutoCloseable {
    private final ModelWeights weights;
    private final Workers workers;
    private final @Nullable DeltaWeights delta;
    private final KernelCausalLm model;
    private final KernelCausalLm base;

    private LocalModel(
            ModelWeights weights, Workers workers, @Nullable DeltaWeights delta, SignActivations activations) {
        this.weights = weights;
        this.workers = workers;
        this.delta = delta;
        this.base = new KernelCausalLm(weights, null, workers, activations);
        this.model = delta == null ? base : new KernelCausalLm(weights, delta, workers, activations);
    }

    /**
     * Opens a model.
     *
     * @param model a folder in Hugging Face's layout, or a safetensors file in one
     * @param delta a delta over it; null for none
     * @param hashes remembers weights hashes: with a delta, the base's is compared
     * @param threads at least 1
     * @param progress receives the base's bytes while they are hashed
     * @throws io.bitdelta.engine.EngineInputException if the model or the delta is refused
     * @throws IOException if reading fails
     */
    public static LocalModel open(
            Path model,
            @Nullable Path delta,
            WeightsHashCache hashes,
            int threads,
            SignActivations activations,
            Progress progress)
            throws IOException {
        ModelWeights weights = ModelWeights.open(model);
        Workers workers = Workers.of(threads);
        try {
            DeltaWeights opened = null;
            if (delta != null) {
                Hash32 base = hashes.hash(weights.checkpoint(), workers, progress);
                opened = DeltaWeights.open(delta, weights, base);
            }
            return new LocalModel(weights, workers, opened, activations);
        } catch (IOException | RuntimeException e) {
            workers.close();
            weights.close();
            throw e;
        }
    }

    /** The model, with the delta in its {@link KernelCausalLm#forward}. */
    public KernelCausalLm model() {
        return model;
    }

    /** The model without the delta. */
    public KernelCausalLm base() {
        return base;
    }

    /** The weights of the base. */
    public ModelWeights weights() {
        return weights;
    }

    /** The delta; null for the base. */
    public @Nullable DeltaWeights delta() {
        return delta;
    }

    @Override
    public void close() {
        workers.close();
        if (delta != null) {
            delta.close();
        }
        weights.close();
    }
}
