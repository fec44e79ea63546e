package io.bitdelta.engine.train;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.codec.CoreBasis;
import io.bitdelta.engine.codec.CoreCodes;
import io.bitdelta.engine.model.ModelConfig;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.Projection;
import io.bitdelta.engine.model.TensorNames;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.TwinWeights;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cores between frozen directions of each projection: {@code W = W_b + b R a}. The pass computes with the core as a reader
 * of the file will see it, rounded to its bits; gradients go to the exact one as if nothing had been rounded
 * (straight-through, arXiv 1308.3432).
 */
final class CoreVariant implements Variant {
    /** One tensor: its frozen sides, the exact core, and the rounded one. */
    record Placed(Shape shape, CoreBasis basis, FloatBlock b, FloatBlock a, FloatBlock exact, FloatBlock rounded) {}

    private final FullVariant base;
    private final Method.Core method;
    private final Map<String, Placed> cores = new LinkedHashMap<>();

    CoreVariant(ModelWeights model, FullVariant base, Method.Core method, Workers workers, Arena arena) {
        this.base = base;
        this.method = method;
        ModelConfig config = model.config();
        Shape square = Shape.of(method.rank(), method.rank());
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                Tensor tensor = model.tensor(TensorNames.weight(layer, projection));
                CoreBasis basis = CoreBasis.of(tensor, method.rank(), workers);
                long rows = tensor.shape().rows();
                long columns = tensor.shape().columns();
                cores.put(
                        tensor.name(),
                        new Placed(
                                tensor.shape(),
                                basis,
                                FloatBlock.of("b", Shape.of(rows, method.rank()), basis.b(), arena),
                                FloatBlock.of("a", Shape.of(method.rank(), columns), basis.a(), arena),
                                FloatBlock.zeros(tensor.name() + ".core", square, arena),
                                FloatBlock.zeros(tensor.name() + ".rounded", square, arena)));
            }
        }
    }

    /** The cores by the names of their tensors. */
    Map<String, Placed> cores() {
        return cores;
    }

    @Override
    public List<FloatBlock> parameters() {
        return cores.values().stream().map(Placed::exact).toList();
    }

    @Override
    public void prepare() {
        for (Placed placed : cores.values()) {
            placed.rounded().assign(CoreCodes.rounded(placed.exact().toArray(), method.rank(), method.bits()));
        }
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
                Placed placed = cores.get(name);
                return placed == null
                        ? product
                        : product.add(input.matMul(step.constant(placed.a()).transpose())
                                .matMul(step.parameter(placed.exact(), placed.rounded())
                                        .transpose())
                                .matMul(step.constant(placed.b()).transpose()));
            }
        };
    }
}
