package io.bitdelta.engine.model.twin;

import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TensorNames;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model's own weights in binary32: all of them are learnt, or none. */
public final class FullVariant implements Variant {
    private final Map<String, FloatBlock> blocks = new LinkedHashMap<>();
    private final boolean learnt;

    /**
     * Widens a model.
     *
     * @param arena owns the numbers
     * @param learnt whether they are parameters
     */
    public FullVariant(ModelWeights model, Arena arena, boolean learnt) {
        this.learnt = learnt;
        for (String name : TensorNames.all(model.config()).keySet()) {
            blocks.put(name, FloatBlock.widened(model.tensor(name), arena));
        }
    }

    /** A tensor's numbers. */
    public FloatBlock block(String name) {
        FloatBlock block = blocks.get(name);
        if (block == null) {
            throw new IllegalArgumentException("the model has no tensor " + name);
        }
        return block;
    }

    @Override
    public List<FloatBlock> parameters() {
        return learnt ? List.copyOf(blocks.values()) : List.of();
    }

    @Override
    public TwinWeights bind(Step step) {
        return name -> learnt ? step.parameter(block(name)) : step.constant(block(name));
    }
}
