package io.bitdelta.engine.model;

import io.bitdelta.engine.codec.BaseMismatchException;
import io.bitdelta.engine.codec.CoreFactors;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.MatrixKernels;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delta that is ready to be used with a model: its bytes were hashed when it was opened, it was made for this base, and
 * its tensors are the model's. Signs stay where they are mapped; scales, norms and biases are read into memory. Safe for
 * use by several threads until it is closed.
 */
public final class DeltaWeights implements AutoCloseable {
    private final DeltaFile file;
    private final Hash32 fileHash;
    private final Map<String, DeltaTensor> matrices = new HashMap<>();
    private final Map<String, float[]> vectors = new HashMap<>();

    private DeltaWeights(DeltaFile file) {
        this.file = file;
        this.fileHash = file.fileHash();
    }

    /**
     * Opens a delta for a model.
     *
     * @param baseHash the model's weights hash
     * @throws BaseMismatchException if it was made for another base
     * @throws DeltaMisfitException if it changes tensors that the model does not have
     * @throws io.bitdelta.engine.codec.MalformedDeltaException if it breaks a rule of the format
     * @throws IOException if reading fails
     */
    public static DeltaWeights open(Path delta, ModelWeights base, Hash32 baseHash) throws IOException {
        DeltaFile file = DeltaFile.open(delta);
        try {
            Hash32 wanted = file.header().metadata().baseHash();
            if (!wanted.equals(baseHash)) {
                throw new BaseMismatchException(delta, wanted, base.checkpoint().path(), baseHash);
            }
            return new DeltaWeights(file).load(base);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * As {@link #open(Path, ModelWeights, Hash32)}, of a file whose hash is known.
     *
     * @throws WrongDeltaException if its bytes have another hash
     */
    public static DeltaWeights open(Path delta, ModelWeights base, Hash32 baseHash, Hash32 fileHash)
            throws IOException {
        DeltaWeights opened = open(delta, base, baseHash);
        if (!opened.fileHash().equals(fileHash)) {
            opened.close();
            throw new WrongDeltaException(delta, fileHash, opened.fileHash());
        }
        return opened;
    }

    private DeltaWeights load(ModelWeights base) {
        Map<String, Shape> shapes = TensorNames.all(base.config());
        for (LayoutEntry entry : file.layout()) {
            String name = entry.name();
            Shape shape = shapes.get(name);
            if (shape == null) {
                if (TensorNames.redundant(name, base.config())) {
                    continue;
                }
                throw new DeltaMisfitException(file.path(), "tensor " + name + " is not one of the model's");
            }
            load(entry, shape, base.tensor(name));
        }
        return this;
    }

    private void load(LayoutEntry entry, Shape shape, Tensor tensor) {
        String name = entry.name();
        switch (entry) {
            case LayoutEntry.Full full -> {
                requireShape(name, full.shape(), shape);
                Tensor own = file.entry(name);
                if (own.dtype() != Dtype.BF16 && own.dtype() != Dtype.F16 && own.dtype() != Dtype.F32) {
                    throw new DeltaMisfitException(
                            file.path(), "tensor " + name + " is " + own.dtype() + ", computed are BF16, F16 and F32");
                }
                if (shape.rank() == 1) {
                    vectors.put(name, vector(own));
                } else {
                    matrices.put(name, new DeltaTensor.Replaced(WeightMatrix.of(own)));
                }
            }
            case LayoutEntry.Sign sign -> {
                requireShape(name, sign.shape(), shape);
                if (file.abstain(sign).isPresent()) {
                    throw new DeltaMisfitException(
                            file.path(), "tensor " + name + " holds abstentions of a soup, which have no forward pass");
                }
                SignMatrix matrix = SignMatrix.of(file, sign);
                if (shape.rank() == 1) {
                    float[] values = vector(tensor);
                    matrix.addRow(KernelProvider.matrices(), 0, values, 0);
                    vectors.put(name, values);
                } else {
                    matrices.put(name, new DeltaTensor.Signed(matrix));
                }
            }
            case LayoutEntry.LowRank lowRank -> {
                requireShape(name, lowRank.shape(), shape);
                matrices.put(
                        name,
                        new DeltaTensor.LowRank(
                                dense(lowRank.a()), dense(lowRank.b()), Math.toIntExact(lowRank.rank())));
            }
            case LayoutEntry.Core core -> {
                requireShape(name, core.shape(), shape);
                try (Workers one = Workers.of(1)) {
                    CoreFactors factors = CoreFactors.of(file, core, tensor, one);
                    matrices.put(name, new DeltaTensor.LowRank(factors.a(), factors.b(), factors.rank()));
                }
            }
        }
    }

    private void requireShape(String name, Shape found, Shape expected) {
        if (!found.equals(expected)) {
            throw new DeltaMisfitException(
                    file.path(),
                    "tensor %s is %s, the model's is %s; apply the delta to get a checkpoint of the new shape"
                            .formatted(name, found, expected));
        }
    }

    private float[] dense(LayoutEntry.Sign factor) {
        SignMatrix matrix = SignMatrix.of(file, factor);
        float[] values = new float[Math.multiplyExact(matrix.rows(), matrix.columns())];
        for (int row = 0; row < matrix.rows(); row++) {
            matrix.addRow(KernelProvider.matrices(), row, values, row * matrix.columns());
        }
        return values;
    }

    /** A tensor of rank 1 in binary32. */
    static float[] vector(Tensor tensor) {
        MatrixKernels kernels = KernelProvider.matrices();
        float[] values = new float[Math.toIntExact(tensor.shape().count())];
        kernels.widen(tensor.dtype(), tensor.data(), 0, values.length, values, 0);
        return values;
    }

    /** What it does to a matrix; null when nothing. */
    @Nullable
    DeltaTensor matrix(String name) {
        return matrices.get(name);
    }

    /** A norm or bias as the delta leaves it; null when it is the base's. */
    float @Nullable [] vector(String name) {
        return vectors.get(name);
    }

    /** SHA-256 of the file, computed when it was opened: the key of every cache. */
    public Hash32 fileHash() {
        return fileHash;
    }

    /** The weights hash of the base that it was made for, and was opened with. */
    public Hash32 baseHash() {
        return file.header().metadata().baseHash();
    }

    /** The file. */
    public Path path() {
        return file.path();
    }

    @Override
    public void close() {
        file.close();
    }
}
