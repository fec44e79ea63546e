package io.bitdelta.engine.model;

import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model's configuration together with its memory-mapped tensors, checked against each other. Safe for use by several
 * threads until it is closed; closing invalidates every tensor.
 */
public final class ModelWeights implements AutoCloseable {
    private static final Set<Dtype> COMPUTED = Set.of(Dtype.BF16, Dtype.F16, Dtype.F32);

    private final ModelConfig config;
    private final Checkpoint checkpoint;

    private ModelWeights(ModelConfig config, Checkpoint checkpoint) {
        this.config = config;
        this.checkpoint = checkpoint;
    }

    /**
     * Opens a model.
     *
     * @param model a folder in Hugging Face's layout, or a safetensors file in one
     * @throws MalformedModelConfigException if its configuration cannot be read
     * @throws UnsupportedModelException if the architecture is unknown
     * @throws MissingTensorException if a tensor is missing
     * @throws UnexpectedTensorException if there is a tensor without a place in the model
     * @throws TensorShapeException if a tensor has another shape, or an element type other than BF16, F16 and F32
     * @throws IOException if reading fails
     */
    public static ModelWeights open(Path model) throws IOException {
        Checkpoint checkpoint = Checkpoint.open(model);
        try {
            return new ModelWeights(ModelConfig.read(model), checkpoint).check();
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private ModelWeights check() {
        Map<String, Shape> shapes = TensorNames.all(config);
        List<String> missing = shapes.keySet().stream()
                .filter(name -> checkpoint.tensor(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            throw new MissingTensorException(checkpoint.path(), missing);
        }
        List<String> extra = new ArrayList<>();
        for (Tensor tensor : checkpoint.tensors()) {
            Shape shape = shapes.get(tensor.name());
            if (shape == null) {
                if (!TensorNames.redundant(tensor.name(), config)) {
                    extra.add(tensor.name());
                }
            } else if (!shape.equals(tensor.shape()) || !COMPUTED.contains(tensor.dtype())) {
                throw new TensorShapeException(tensor, shape + " of BF16, F16 or F32");
            }
        }
        if (!extra.isEmpty()) {
            throw new UnexpectedTensorException(checkpoint.path(), extra);
        }
        return this;
    }

    /** The configuration. */
    public ModelConfig config() {
        return config;
    }

    /** The tensors' files. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /**
     * A tensor of the model.
     *
     * @param name one of {@link TensorNames}
     * @throws IllegalArgumentException if the model has none of that name
     */
    public Tensor tensor(String name) {
        return checkpoint
                .tensor(name)
                .orElseThrow(() -> new IllegalArgumentException(checkpoint.path() + " has no tensor " + name));
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
