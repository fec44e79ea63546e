package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Spends a number of bytes where they help most. Every changed tensor starts as in the base; its forms (bits times
 * granularity, low-rank factors of several ranks, and the tensor in full) are thinned out to the convex hull of kept
 * energy over bytes, so that each step up the hull helps less per byte than the one before; the best step of all tensors
 * is taken as long as the file, header included, fits. Ties go to the smaller form, then to the earlier name. Tensors that
 * only the whole can describe (new, grown, or no real numbers) are part of the file from the start.
 */
final class BudgetPlanner {
    private static final List<Granularity> GRANULARITIES =
            List.of(Granularity.TENSOR, Granularity.ROW, Granularity.COLUMN, Granularity.group(128));

    private static final int[] RANKS = {1, 2, 4, 8, 16, LowRankFactors.WIDTH};

    private final TensorPairing pairing;
    private final CompressOptions options;
    private final Workers workers;
    private final TensorChoice choice;

    BudgetPlanner(TensorPairing pairing, CompressOptions options, Workers workers) {
        this.pairing = pairing;
        this.options = options;
        this.workers = workers;
        this.choice = new TensorChoice(options);
    }

    /**
     * What was chosen.
     *
     * @param planned the tensors to store
     * @param curve the points passed on the way, first the empty delta
     * @param changed how many tensors there were to choose from
     */
    record Plan(List<DeltaHeader.Planned> planned, List<CompressReport.Point> curve, int changed) {}

    private record Form(Optional<DeltaHeader.Planned> planned, long bytes, double kept) {}

    private record Step(int tensor, int form, double gainPerByte) {}

    /** Chooses. */
    Plan plan(DeltaMetadata metadata, long budget) {
        List<List<Form>> hulls = new ArrayList<>();
        List<DeltaHeader.Planned> needed = new ArrayList<>();
        double total = 0;
        for (Tensor base : pairing.base().tensors()) {
            if (!pairing.paired(base.name())) {
                continue;
            }
            Tensor finetuned = pairing.finetuned(base.name());
            boolean sameShape = base.shape().equals(finetuned.shape());
            if (sameShape && CompressPlanner.equal(base, finetuned)) {
                continue;
            }
            if (!sameShape) {
                if (LinearTensors.contains(base) || !CompressPlanner.grown(base, finetuned)) {
                    throw new ShapeMismatchException(base, finetuned);
                }
                needed.add(CompressPlanner.full(base.name(), finetuned));
            } else if (!base.dtype().floating() || !finetuned.dtype().floating()) {
                needed.add(CompressPlanner.full(base.name(), finetuned));
            } else {
                Trial trial = new Trial(base, finetuned, options.scaleType(), options.clipSigma(), workers);
                double energy = trial.energy(sign(base, Granularity.TENSOR, 1)).total();
                total += energy;
                hulls.add(hull(forms(base, finetuned, trial, energy)));
            }
        }
        for (String name : pairing.extra()) {
            needed.add(CompressPlanner.full(name, pairing.finetuned(name)));
        }
        return spend(metadata, budget, needed, hulls, total);
    }

    private List<Form> forms(Tensor base, Tensor finetuned, Trial trial, double energy) {
        List<Form> forms = new ArrayList<>();
        forms.add(new Form(Optional.empty(), 0, 0));
        if (choice.reducible(base)) {
            for (Granularity granularity : GRANULARITIES) {
                for (int bits = 1; bits <= LayoutEntry.Sign.MAX_BITS; bits++) {
                    LayoutEntry.Sign sign = sign(base, granularity, bits);
                    DeltaHeader.Planned planned = new DeltaHeader.Planned(sign, options.scaleType(), false);
                    forms.add(new Form(
                            Optional.of(planned),
                            bytes(planned),
                            trial.energy(sign).kept()));
                }
            }
        }
        if (choice.reducible(base) && base.shape().rank() == 2 && base.shape().count() > 0) {
            lowRank(base, finetuned, forms);
        }
        if (options.rest() == RestPolicy.FULL) {
            DeltaHeader.Planned full = new DeltaHeader.Planned(
                    new LayoutEntry.Full(base.name(), finetuned.dtype(), finetuned.shape()), Dtype.F32, false);
            forms.add(new Form(Optional.of(full), bytes(full), energy));
        }
        return forms;
    }

    private void lowRank(Tensor base, Tensor finetuned, List<Form> forms) {
        LowRankFactors factors = LowRankFactors.of(base, finetuned, workers);
        LowRankTrial trial = new LowRankTrial(base, finetuned, factors, factorScales(), workers);
        for (int bits = 1; bits <= LayoutEntry.Sign.MAX_BITS; bits++) {
            double[] kept = trial.kept(bits);
            for (int rank : RANKS) {
                if (rank <= kept.length && kept[rank - 1] > 0) {
                    LayoutEntry.LowRank form = new LayoutEntry.LowRank(base.name(), base.shape(), rank, bits);
                    DeltaHeader.Planned planned = new DeltaHeader.Planned(form, factorScales(), false);
                    forms.add(new Form(Optional.of(planned), bytes(planned), kept[rank - 1]));
                }
            }
        }
    }

    /** Short rows have many scales: half a word each is enough, and less where the file is packed. */
    private Dtype factorScales() {
        return options.packed() ? options.scaleType() : Dtype.F16;
    }

    private LayoutEntry.Sign sign(Tensor base, Granularity granularity, int bits) {
        return new LayoutEntry.Sign(base.name(), base.dtype(), base.shape(), granularity, bits);
    }

    /** Data and header of one tensor's entries. */
    private long bytes(DeltaHeader.Planned planned) {
        DeltaMetadata nobody = new DeltaMetadata(
                        Hash32.ZERO, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL)
                .packed(options.packing());
        DeltaHeader header = DeltaHeader.place(nobody, List.of(planned));
        return header.dataBytes()
                + header.encode().length
                - DeltaHeader.place(nobody, List.of()).encode().length;
    }

    /** The forms from which no other form, nor any mix of two, keeps more for the same bytes. */
    private static List<Form> hull(List<Form> forms) {
        List<Form> sorted = new ArrayList<>(forms);
        sorted.sort(Comparator.comparingLong(Form::bytes).thenComparing(Form::kept, Comparator.reverseOrder()));
        List<Form> hull = new ArrayList<>();
        for (Form form : sorted) {
            if (!hull.isEmpty() && form.kept() <= hull.getLast().kept()) {
                continue;
            }
            while (hull.size() >= 2
                    && slope(hull.get(hull.size() - 2), form) >= slope(hull.get(hull.size() - 2), hull.getLast())) {
                hull.removeLast();
            }
            hull.add(form);
        }
        return hull;
    }

    private static double slope(Form from, Form to) {
        return (to.kept() - from.kept()) / Math.max(1, to.bytes() - from.bytes());
    }

    private static Plan spend(
            DeltaMetadata metadata,
            long budget,
            List<DeltaHeader.Planned> needed,
            List<List<Form>> hulls,
            double total) {
        long least = size(metadata, needed, hulls, new int[hulls.size()]);
        if (!needed.isEmpty() && least > budget) {
            throw new BudgetTooSmallException(budget, least);
        }
        int[] chosen = new int[hulls.size()];
        PriorityQueue<Step> steps = new PriorityQueue<>(
                Comparator.comparingDouble(Step::gainPerByte).reversed().thenComparingInt(Step::tensor));
        for (int i = 0; i < chosen.length; i++) {
            offer(steps, hulls, i, 1);
        }
        List<CompressReport.Point> curve = new ArrayList<>();
        curve.add(new CompressReport.Point(size(metadata, needed, hulls, chosen), 1));
        while (!steps.isEmpty()) {
            Step step = steps.remove();
            int before = chosen[step.tensor()];
            chosen[step.tensor()] = step.form();
            long bytes = size(metadata, needed, hulls, chosen);
            if (bytes > budget) {
                // A smaller step of another tensor may still fit; this tensor is finished.
                chosen[step.tensor()] = before;
                continue;
            }
            curve.add(new CompressReport.Point(bytes, error(hulls, chosen, total)));
            offer(steps, hulls, step.tensor(), step.form() + 1);
        }
        return new Plan(planned(needed, hulls, chosen), curve, hulls.size());
    }

    private static void offer(PriorityQueue<Step> steps, List<List<Form>> hulls, int tensor, int form) {
        List<Form> hull = hulls.get(tensor);
        if (form < hull.size()) {
            steps.add(new Step(tensor, form, slope(hull.get(form - 1), hull.get(form))));
        }
    }

    private static double error(List<List<Form>> hulls, int[] chosen, double total) {
        double kept = 0;
        for (int i = 0; i < chosen.length; i++) {
            kept += hulls.get(i).get(chosen[i]).kept();
        }
        return new DeltaEnergy(total, kept).relativeError();
    }

    private static List<DeltaHeader.Planned> planned(
            List<DeltaHeader.Planned> needed, List<List<Form>> hulls, int[] chosen) {
        List<DeltaHeader.Planned> planned = new ArrayList<>(needed);
        for (int i = 0; i < chosen.length; i++) {
            hulls.get(i).get(chosen[i]).planned().ifPresent(planned::add);
        }
        return planned;
    }

    private static long size(
            DeltaMetadata metadata, List<DeltaHeader.Planned> needed, List<List<Form>> hulls, int[] chosen) {
        DeltaHeader header = DeltaHeader.place(metadata, planned(needed, hulls, chosen));
        return header.encode().length + header.dataBytes();
    }
}
