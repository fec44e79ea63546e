package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.util.ArrayList;
import java.util.List;

/** Decides tensor by tensor what is stored: nothing (equal bytes), signs, or the whole tensor. */
final class CompressPlanner {
    private final TensorPairing pairing;
    private final CompressOptions options;
    private final TensorChoice choice;
    private final Workers workers;

    CompressPlanner(TensorPairing pairing, CompressOptions options, Workers workers) {
        this.pairing = pairing;
        this.options = options;
        this.choice = new TensorChoice(options);
        this.workers = workers;
    }

    /**
     * The changed tensors.
     *
     * @throws ShapeMismatchException if a tensor has another shape and has not merely grown at its first dimension
     * @throws UnpairedTensorException if the tensors are not the same set and the options are strict
     */
    List<DeltaHeader.Planned> plan() {
        if (options.strict() && !(pairing.missing().isEmpty() && pairing.extra().isEmpty())) {
            throw new UnpairedTensorException(
                    pairing.base().path(), pairing.finetuned().path(), pairing.missing(), pairing.extra());
        }
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
        if (finetuned.dtype().floating() && choice.signs(base)) {
            planned.add(new DeltaHeader.Planned(signs(base, finetuned), options.scaleType(), false));
        } else if (options.rest() != RestPolicy.BASE) {
            planned.add(full(base.name(), finetuned));
        }
    }

    private LayoutEntry.Sign signs(Tensor base, Tensor finetuned) {
        if (options.granularity().isPresent()) {
            return sign(base, options.granularity().get());
        }
        LayoutEntry.Sign row = sign(base, Granularity.ROW);
        LayoutEntry.Sign column = sign(base, Granularity.COLUMN);
        Trial trial = new Trial(base, finetuned, options.scaleType(), options.clipSigma(), workers);
        return trial.energy(column).kept() > trial.energy(row).kept() ? column : row;
    }

    private LayoutEntry.Sign sign(Tensor base, Granularity granularity) {
        return new LayoutEntry.Sign(base.name(), base.dtype(), base.shape(), granularity, options.bits());
    }

    /** Whether nothing changed: same element type and same bytes. */
    static boolean equal(Tensor base, Tensor finetuned) {
        return base.dtype() == finetuned.dtype() && base.data().mismatch(finetuned.data()) < 0;
    }

    /** A vocabulary that has grown: more rows, the same columns. */
    static boolean grown(Tensor base, Tensor finetuned) {
        return base.shape().rank() == finetuned.shape().rank()
                && base.shape().rank() > 0
                && finetuned.shape().rows() > base.shape().rows()
                && base.shape().columns() == finetuned.shape().columns();
    }

    static DeltaHeader.Planned full(String name, Tensor finetuned) {
        return new DeltaHeader.Planned(
                new LayoutEntry.Full(name, finetuned.dtype(), finetuned.shape()), Dtype.F32, false);
    }
}
