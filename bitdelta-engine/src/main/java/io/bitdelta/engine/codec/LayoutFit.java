package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import java.util.Optional;

/** Whether a delta's layout speaks of the tensors that a base has. */
final class LayoutFit {
    private LayoutFit() {}

    /** What does not fit, if anything. Tensors in full may be new or have grown. */
    static Optional<String> misfit(DeltaHeader header, Checkpoint base) {
        for (LayoutEntry entry : header.layout()) {
            Optional<Tensor> tensor = base.tensor(entry.name());
            if (entry instanceof LayoutEntry.Full) {
                continue;
            }
            if (tensor.isEmpty()) {
                return Optional.of("tensor " + entry.name() + " is not in the base " + base.path());
            }
            boolean fits =
                    switch (entry) {
                        case LayoutEntry.Sign sign ->
                            sign.shape().equals(tensor.get().shape())
                                    && sign.dtype() == tensor.get().dtype();
                        case LayoutEntry.LowRank lowRank ->
                            lowRank.shape().equals(tensor.get().shape())
                                    && tensor.get().dtype().floating();
                        case LayoutEntry.Core core ->
                            core.shape().equals(tensor.get().shape())
                                    && tensor.get().dtype().floating();
                        case LayoutEntry.Full full -> true;
                    };
            if (!fits) {
                return Optional.of(differs(entry.name(), tensor.get()));
            }
        }
        return Optional.empty();
    }

    /** The sentence for a tensor whose dtype or shape is not the layout's. */
    static String differs(String name, Tensor tensor) {
        return "tensor %s is %s %s in %s, the layout says otherwise"
                .formatted(name, tensor.dtype(), tensor.shape(), tensor.file());
    }
}
