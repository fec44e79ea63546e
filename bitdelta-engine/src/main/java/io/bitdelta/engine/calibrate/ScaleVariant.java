package io.bitdelta.engine.calibrate;

import ai.djl.ndarray.NDArray;
import io.bitdelta.engine.codec.CoreFactors;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.Granularity;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.codec.ScaleCodec;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.twin.FloatBlock;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Step;
import io.bitdelta.engine.model.twin.TwinWeights;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A base with a delta whose scales are learnt: {@code W = W_b + sum over planes of s * sign}. What is learnt is a factor
 * for each scale, starting at 1, so that one learning rate suits tensors of any magnitude.
 */
final class ScaleVariant implements Variant {
    /** A plane: signs as numbers, the scales it came with, and the factors that are learnt. */
    private record Plane(FloatBlock signs, FloatBlock scales, FloatBlock factors) {}

    /** A core in its basis: fixed. */
    private record Factors(FloatBlock b, FloatBlock a) {}

    private final FullVariant base;
    private final ModelWeights model;
    private final DeltaFile delta;
    private final Arena arena;
    private final Map<String, LayoutEntry> changed = new HashMap<>();
    private final Map<String, List<Plane>> planes = new LinkedHashMap<>();
    private final Map<String, FloatBlock> full = new HashMap<>();
    private final Map<String, Factors> cores = new HashMap<>();

    ScaleVariant(ModelWeights model, FullVariant base, DeltaFile delta, Workers workers, Arena arena) {
        this.base = base;
        this.model = model;
        this.delta = delta;
        this.arena = arena;
        for (LayoutEntry entry : delta.layout()) {
            changed.put(entry.name(), entry);
            switch (entry) {
                case LayoutEntry.Sign sign -> planes(sign);
                case LayoutEntry.LowRank lowRank -> {
                    planes(lowRank.a());
                    planes(lowRank.b());
                }
                case LayoutEntry.Full whole -> full(whole);
                case LayoutEntry.Core core -> core(core, workers);
            }
        }
    }

    private void core(LayoutEntry.Core core, Workers workers) {
        CoreFactors factors = CoreFactors.of(delta, core, model.tensor(core.name()), workers);
        cores.put(
                core.name(),
                new Factors(
                        FloatBlock.of("b", Shape.of(core.shape().rows(), factors.rank()), factors.b(), arena),
                        FloatBlock.of("a", Shape.of(factors.rank(), core.shape().columns()), factors.a(), arena)));
    }

    private void full(LayoutEntry.Full whole) {
        if (!whole.shape().equals(model.tensor(whole.name()).shape())) {
            throw new NothingToCalibrateException(
                    delta.path(), "tensor " + whole.name() + " has grown; calibrate before the vocabulary grows");
        }
        Tensor stored = delta.entry(whole.name());
        full.put(whole.name(), FloatBlock.widened(stored, arena));
    }

    private void planes(LayoutEntry.Sign sign) {
        List<Plane> list = new ArrayList<>();
        int rows = Math.toIntExact(sign.shape().rows());
        int columns = Math.toIntExact(sign.shape().columns());
        Shape matrix = Shape.of(rows, columns);
        for (int plane = 0; plane < sign.bits(); plane++) {
            FloatBlock signs = FloatBlock.zeros(sign.signName(plane), matrix, arena);
            MemorySegment packed = delta.signs(sign, plane);
            for (int row = 0; row < rows; row++) {
                KernelProvider.kernels()
                        .applySigns(
                                signs.data().asSlice((long) row * columns * Float.BYTES, (long) columns * Float.BYTES),
                                0,
                                columns,
                                packed,
                                row * sign.rowBytes() * 8,
                                1);
            }
            float[] scales = delta.scales(sign, plane);
            Shape shape = scaleShape(sign, rows, columns);
            float[] ones = new float[scales.length];
            Arrays.fill(ones, 1);
            list.add(new Plane(
                    signs,
                    FloatBlock.of(sign.scaleName(plane), shape, scales, arena),
                    FloatBlock.of(sign.scaleName(plane) + ".factor", shape, ones, arena)));
        }
        planes.put(sign.name(), list);
    }

    /** A shape that broadcasts over [rows, columns]; groups are spread out when they are used. */
    private static Shape scaleShape(LayoutEntry.Sign sign, int rows, int columns) {
        return switch (sign.granularity().kind()) {
            case TENSOR -> Shape.of(1, 1);
            case ROW -> Shape.of(rows, 1);
            case COLUMN -> Shape.of(1, columns);
            case GROUP -> Shape.of(rows, sign.granularity().groupsPerRow(columns));
        };
    }

    @Override
    public List<FloatBlock> parameters() {
        return planes.values().stream()
                .flatMap(List::stream)
                .map(Plane::factors)
                .toList();
    }

    /** The factors of one tensor's planes, for a line search. */
    List<List<FloatBlock>> tensors() {
        return planes.values().stream()
                .map(list -> list.stream().map(Plane::factors).toList())
                .toList();
    }

    /** Makes the scales those that came in. */
    void reset() {
        for (FloatBlock factors : parameters()) {
            for (int i = 0; i < factors.count(); i++) {
                factors.set(i, 1);
            }
        }
    }

    /** Moves every factor to the scale that is stored for it, so that what is judged is what is written. */
    void round() {
        for (List<Plane> list : planes.values()) {
            for (Plane plane : list) {
                Dtype type = delta.entry(plane.scales().name()).dtype();
                for (int i = 0; i < plane.factors().count(); i++) {
                    float scale = plane.scales().get(i);
                    if (scale > 0) {
                        float fitted = Math.clamp(scale * plane.factors().get(i), 0f, DeltaFile.MAX_SCALE);
                        plane.factors().set(i, ScaleCodec.rounded(type, fitted) / scale);
                    }
                }
            }
        }
    }

    /** The scales as they are now, by entry name, in the order of storage. */
    Map<String, float[]> scales() {
        Map<String, float[]> scales = new LinkedHashMap<>();
        for (List<Plane> list : planes.values()) {
            for (Plane plane : list) {
                float[] now = plane.scales().toArray();
                for (int i = 0; i < now.length; i++) {
                    // Zero, not minus zero: the format has one zero.
                    now[i] = Math.max(
                                    0f,
                                    Math.min(
                                            DeltaFile.MAX_SCALE,
                                            now[i] * plane.factors().get(i)))
                            + 0f;
                }
                scales.put(plane.scales().name(), now);
            }
        }
        return scales;
    }

    @Override
    public TwinWeights bind(Step step) {
        TwinWeights frozen = base.bind(step);
        Map<String, NDArray> made = new HashMap<>();
        return name -> made.computeIfAbsent(name, n -> weight(step, frozen, n));
    }

    private NDArray weight(Step step, TwinWeights frozen, String name) {
        return switch (changed.get(name)) {
            case null -> frozen.weight(name);
            case LayoutEntry.Full whole -> step.constant(block(whole.name()));
            case LayoutEntry.Sign sign -> {
                NDArray matrix = dense(step, sign);
                NDArray shaped = sign.shape().rank() == 2
                        ? matrix
                        : matrix.reshape(sign.shape().dims().stream()
                                .mapToLong(Long::longValue)
                                .toArray());
                yield shaped.add(frozen.weight(name));
            }
            case LayoutEntry.LowRank lowRank ->
                dense(step, lowRank.b()).matMul(dense(step, lowRank.a())).add(frozen.weight(name));
            case LayoutEntry.Core core -> {
                Factors factors = cores.get(core.name());
                if (factors == null) {
                    throw new IllegalStateException(core.name());
                }
                yield step.constant(factors.b())
                        .matMul(step.constant(factors.a()))
                        .add(frozen.weight(name));
            }
        };
    }

    private FloatBlock block(String name) {
        FloatBlock block = full.get(name);
        if (block == null) {
            throw new IllegalStateException(name);
        }
        return block;
    }

    private NDArray dense(Step step, LayoutEntry.Sign sign) {
        NDArray sum = null;
        for (Plane plane : planes.getOrDefault(sign.name(), List.of())) {
            NDArray scale = step.parameter(plane.factors()).mul(step.constant(plane.scales()));
            if (sign.granularity().kind() == Granularity.Kind.GROUP) {
                scale = spread(scale, sign);
            }
            NDArray term = scale.mul(step.constant(plane.signs()));
            sum = sum == null ? term : sum.add(term);
        }
        if (sum == null) {
            throw new IllegalStateException(sign.name() + " has no planes");
        }
        return sum;
    }

    /** [rows, groups] to [rows, columns]; the last group of a row may be cut. */
    private static NDArray spread(NDArray scale, LayoutEntry.Sign sign) {
        long columns = sign.shape().columns();
        NDArray repeated = scale.repeat(1, sign.granularity().groupSize());
        return repeated.getShape().get(1) == columns ? repeated : repeated.get(":, :" + columns);
    }

    /** How many scales there are. */
    long count() {
        return parameters().stream().mapToLong(FloatBlock::count).sum();
    }
}
