package io.bitdelta.engine.model.twin;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** One forward pass, with or without its gradients. Not for several threads. */
public final class Step implements AutoCloseable {
    private final NDManager manager;
    private final Map<FloatBlock, NDArray> arrays = new HashMap<>();
    private final Map<Float, NDArray> scalars = new HashMap<>();

    Step(NDManager manager) {
        this.manager = manager;
    }

    /** A block as an array over the same memory, without gradients. */
    public NDArray constant(FloatBlock block) {
        return arrays.computeIfAbsent(block, this::alias);
    }

    /** A block as an array over the same memory, with gradients. */
    public NDArray parameter(FloatBlock block) {
        return parameter(block, block);
    }

    /** A parameter that the pass sees with other numbers: gradients are taken there and reported for {@code block}. */
    public NDArray parameter(FloatBlock block, FloatBlock seen) {
        return arrays.computeIfAbsent(block, key -> {
            NDArray array = alias(seen);
            array.setRequiresGradient(true);
            return array;
        });
    }

    private NDArray alias(FloatBlock block) {
        long[] dims = block.shape().dims().stream().mapToLong(Long::longValue).toArray();
        return manager.create(block.data().asByteBuffer(), new Shape(dims), DataType.FLOAT32);
    }

    /** A number as an array: the only way for a number to be part of a differentiated expression. */
    public NDArray scalar(float value) {
        return scalars.computeIfAbsent(value, number -> manager.create(number.floatValue()));
    }

    /** Integers as an array of any shape. */
    public NDArray integers(long[] values, long... dims) {
        return manager.create(values).reshape(dims);
    }

    /** Numbers as an array of any shape. */
    public NDArray floats(float[] values, long... dims) {
        return manager.create(values, new Shape(dims));
    }

    /** Computes a scalar and its gradients. */
    public double backward(Supplier<NDArray> loss) {
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray value = loss.get();
            collector.backward(value);
            return value.getFloat();
        }
    }

    /** Adds a parameter's gradient to {@code into}. */
    public void addGradient(FloatBlock parameter, float[] into) {
        MemorySegment gradient = gradient(parameter);
        for (int i = 0; i < into.length; i++) {
            into[i] += gradient.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        }
    }

    /** Adds a multiple of a parameter's gradient to {@code into}. */
    public void addGradient(FloatBlock parameter, double factor, double[] into) {
        MemorySegment gradient = gradient(parameter);
        for (int i = 0; i < into.length; i++) {
            into[i] += factor * gradient.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
        }
    }

    /** The sum of the squares of a parameter's gradient. */
    public double squaredNorm(FloatBlock parameter) {
        MemorySegment gradient = gradient(parameter);
        int count = parameter.count();
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double value = gradient.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
            sum += value * value;
        }
        return sum;
    }

    private MemorySegment gradient(FloatBlock parameter) {
        NDArray array = arrays.get(parameter);
        if (array == null) {
            throw new IllegalStateException(parameter.name() + " took no part in this step");
        }
        return MemorySegment.ofBuffer(array.getGradient().toByteBuffer(true));
    }

    @Override
    public void close() {
        manager.close();
    }
}
