package io.bitdelta.engine.train;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.TensorNames;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.TwinWeights;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Low-rank factors beside frozen projections: a [rank, in] starts small and random, b [out, rank] at zero. */
final class LoraVariant implements Variant {
    /**
     * The factors of one matrix.
     *
     * @param a [rank, in]
     * @param b [out, rank]
     */
    record Pair(FloatBlock a, FloatBlock b) {}

    private final FullVariant base;
    private final float scaling;
    private final Map<String, Pair> pairs = new LinkedHashMap<>();

    LoraVariant(ModelConfig config, FullVariant base, Method.Lora lora, long seed, Arena arena) {
        this.base = base;
        this.scaling = (float) (lora.alpha() / lora.rank());
        SplitMix64 random = new SplitMix64(seed);
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : lora.targets()) {
                int columns = projection.columns(config);
                int rows = projection.rows(config);
                if (lora.rank() > Math.min(rows, columns)) {
                    throw new TrainingOptionException("rank %d is over what %s of %d x %d can have"
                            .formatted(lora.rank(), projection.module(), rows, columns));
                }
                String name = TensorNames.weight(layer, projection);
                float[] a = new float[lora.rank() * columns];
                double bound = 1 / Math.sqrt(columns);
                for (int i = 0; i < a.length; i++) {
                    a[i] = (float) (bound * (2 * random.nextDouble() - 1));
                }
                pairs.put(
                        name,
                        new Pair(
                                FloatBlock.of(name + ".lora_A", Shape.of(lora.rank(), columns), a, arena),
                                FloatBlock.zeros(name + ".lora_B", Shape.of(rows, lora.rank()), arena)));
            }
        }
    }

    /** The factors by the names of their matrices. */
    Map<String, Pair> pairs() {
        return pairs;
    }

    @Override
    public List<FloatBlock> parameters() {
        List<FloatBlock> all = new ArrayList<>();
        pairs.values().forEach(pair -> {
            all.add(pair.a());
            all.add(pair.b());
        });
        return all;
    }

    @Override
    public TwinWeights bind(Step step) {
        TwinWeights frozen = base.bind(step);
        return new TwinWeights() {
            @Override
            public NDArray weight(String name) {
                return frozen.weight(name);
            }

            @Override
            public NDArray project(NDArray input, String name) {
                NDArray product = frozen.project(input, name);
                Pair pair = pairs.get(name);
                return pair == null
                        ? product
                        : product.add(input.matMul(step.parameter(pair.a()).transpose())
                                .matMul(step.parameter(pair.b()).transpose())
                                .mul(step.scalar(scaling)));
            }
        };
    }
}
