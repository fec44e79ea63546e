package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Decides tensor by tensor what is stored: nothing (equal bytes), signs, or the whole tensor. */
final class CompressPlanner {
    private final TensorPairing pairing;
    private final CompressOptions options;

    CompressPlanner(TensorPairing pairing, CompressOptions options) {
        this.pairing = pairing;
        this.options = options;
    }

    /**
     * The changed tensors.
     *
     * @throws ShapeMismatchException if a tensor has another shape and has not merely grown at its first dimension
     */
    List<DeltaHeader.Planned> plan() {
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        for (Tensor base : pairing.base().tensors()) {
            if (pairing.paired(base.name())) {
                plan(base, pairing.finetuned(base.name()), planned);
            }
        }
        for (String name : pairing.extra()) {
            planned.add(full(name, pairing.finetuned(name)));
        }
        return planned;
    }

    private void plan(Tensor base, Tensor finetuned, List<DeltaHeader.Planned> planned) {
        if (!base.shape().equals(finetuned.shape())) {
            if (LinearTensors.contains(base) || !grown(base, finetuned)) {
                throw new ShapeMismatchException(base, finetuned);
            }
            planned.add(full(base.name(), finetuned));
            return;
        }
        if (equal(base, finetuned)) {
            return;
        }
        boolean signable = base.dtype().floating() && finetuned.dtype().floating();
        if (signable && (LinearTensors.contains(base) || options.rest() == RestPolicy.ONEBIT)) {
            LayoutEntry.Sign sign = new LayoutEntry.Sign(
                    base.name(), base.dtype(), base.shape(), options.granularity(), options.bits());
            planned.add(new DeltaHeader.Planned(sign, options.scaleType(), false));
        } else if (options.rest() != RestPolicy.BASE) {
            planned.add(full(base.name(), finetuned));
        }
    }

    /** Whether nothing changed: same element type and same bytes. */
    static boolean equal(Tensor base, Tensor finetuned) {
        return base.dtype() == finetuned.dtype() && base.data().mismatch(finetuned.data()) < 0;
    }

    /** A vocabulary that has grown: more rows, the same columns. */
    private static boolean grown(Tensor base, Tensor finetuned) {
        return base.shape().rank() == finetuned.shape().rank()
                && base.shape().rank() > 0
                && finetuned.shape().rows() > base.shape().rows()
                && base.shape().columns() == finetuned.shape().columns();
    }

    private static DeltaHeader.Planned full(String name, Tensor finetuned) {
        return new DeltaHeader.Planned(
                new LayoutEntry.Full(name, finetuned.dtype(), finetuned.shape()), Dtype.F32, false);
    }
}
