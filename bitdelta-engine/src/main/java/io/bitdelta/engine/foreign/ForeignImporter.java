package io.bitdelta.engine.foreign;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.DeltaBuilder;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.DeltaWriteReport;
import io.bitdelta.engine.foreign.Pickle.TorchTensor;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Turns deltas of other programs into delta files over a base. */
public final class ForeignImporter {
    private static final String MASK = ".mask";
    private static final String COEFF = ".coeff";
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ForeignImporter() {}

    /**
     * Imports the archive that the reference implementation of BitDelta saves: per module P a transposed, packed
     * {@code P.mask} (int32 [in/32, out], bit j of row k is input 32k+j) and {@code P.coeff}; every other key is a tensor
     * in full.
     *
     * @throws MalformedForeignDeltaException if the archive is malformed or does not fit the base
     */
    public static DeltaWriteReport importTorch(Path base, Path archive, Path out) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base);
                TorchArchive torch = TorchArchive.open(archive);
                Arena arena = Arena.ofShared()) {
            DeltaBuilder builder = new DeltaBuilder(WeightsHash.of(checkpoint, Progress.NONE));
            for (Map.Entry<String, TorchTensor> entry : torch.tensors().entrySet()) {
                String key = entry.getKey();
                if (key.endsWith(MASK)) {
                    module(builder, checkpoint, torch, archive, key.substring(0, key.length() - MASK.length()), arena);
                } else if (key.endsWith(COEFF)) {
                    if (!torch.tensors().containsKey(key.substring(0, key.length() - COEFF.length()) + MASK)) {
                        throw new MalformedForeignDeltaException(archive, key + " has no mask");
                    }
                } else {
                    full(builder, checkpoint, torch, archive, key, entry.getValue(), arena);
                }
            }
            return builder.write(out, Files.size(archive));
        }
    }

    private static void module(
            DeltaBuilder builder, Checkpoint base, TorchArchive torch, Path archive, String module, Arena arena)
            throws IOException {
        Tensor target = target(base, archive, module + ".weight");
        TorchTensor mask = required(torch, archive, module + MASK);
        TorchTensor coeff = required(torch, archive, module + COEFF);
        long out = target.shape().rows();
        long in = target.shape().columns();
        Shape expected = Shape.of(in / 32, out);
        if (target.shape().rank() != 2
                || in % 32 != 0
                || torch.dtype(mask) != Dtype.I32
                || !torch.shape(mask).equals(expected)) {
            throw new MalformedForeignDeltaException(
                    archive,
                    "%s%s is %s %s, %s asks for I32 %s"
                            .formatted(module, MASK, torch.dtype(mask), torch.shape(mask), target.name(), expected));
        }
        if (torch.dtype(coeff) != Dtype.F32 || torch.shape(coeff).count() != 1) {
            throw new MalformedForeignDeltaException(archive, module + COEFF + " is not one float32");
        }
        MemorySegment words = torch.numbers(module + MASK, mask, arena);
        MemorySegment signs = arena.allocate(out * in / 8, 64);
        for (long k = 0; k < in / 32; k++) {
            for (long o = 0; o < out; o++) {
                signs.set(I32, o * (in / 8) + 4 * k, words.get(I32, 4 * (k * out + o)));
            }
        }
        float scale = torch.numbers(module + COEFF, coeff, arena).get(F32, 0);
        builder.signs(target.name(), target.dtype(), target.shape(), signs, checked(archive, module, scale));
    }

    private static void full(
            DeltaBuilder builder,
            Checkpoint base,
            TorchArchive torch,
            Path archive,
            String key,
            TorchTensor tensor,
            Arena arena)
            throws IOException {
        Dtype dtype = torch.dtype(tensor);
        Shape shape = torch.shape(tensor);
        if (base.tensor(key).isEmpty() && (key.endsWith(".A") || key.endsWith(".B"))) {
            throw new MalformedForeignDeltaException(
                    archive, key + " is a low-rank factor; such archives are not read");
        }
        MemorySegment numbers = torch.numbers(key, tensor, arena);
        Tensor target = target(base, archive, key);
        boolean same = target.dtype() == dtype
                && target.shape().equals(shape)
                && target.data().mismatch(numbers) < 0;
        if (!same) {
            builder.full(key, dtype, shape, numbers);
        }
    }

    private static TorchTensor required(TorchArchive torch, Path archive, String key) {
        TorchTensor tensor = torch.tensors().get(key);
        if (tensor == null) {
            throw new MalformedForeignDeltaException(archive, key + " is missing");
        }
        return tensor;
    }

    private static Tensor target(Checkpoint base, Path archive, String name) {
        return base.tensor(name)
                .orElseThrow(() -> new MalformedForeignDeltaException(
                        archive, "the base " + base.path() + " has no tensor " + name));
    }

    private static float checked(Path file, String tensor, float scale) {
        // A negative zero would be another encoding of the same number.
        float positive = scale + 0f;
        if (!(positive >= 0 && positive <= DeltaFile.MAX_SCALE)) {
            throw new MalformedForeignDeltaException(
                    file, "the scale of %s is %s, allowed are 0 to %s".formatted(tensor, scale, DeltaFile.MAX_SCALE));
        }
        return positive;
    }

    /**
     * Imports "BDLT" blobs, one per tensor.
     *
     * @param blobs base tensor name to file
     * @throws MalformedForeignDeltaException if a blob is malformed or does not fit its tensor
     */
    public static DeltaWriteReport importBdlt(Path base, Map<String, Path> blobs, Path out) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base);
                Arena arena = Arena.ofShared()) {
            DeltaBuilder builder = new DeltaBuilder(WeightsHash.of(checkpoint, Progress.NONE));
            long bytes = 0;
            for (Map.Entry<String, Path> entry : blobs.entrySet()) {
                Path file = entry.getValue();
                BdltTensor blob = BdltTensor.read(file);
                bytes += Files.size(file);
                Tensor target = target(checkpoint, file, entry.getKey());
                if (target.shape().count() != blob.shape().count()
                        || !target.dtype().floating()) {
                    throw new MalformedForeignDeltaException(
                            file,
                            "its shape %s does not fit %s %s".formatted(blob.shape(), target.name(), target.shape()));
                }
                builder.signs(
                        target.name(),
                        target.dtype(),
                        target.shape(),
                        rows(blob, target.shape(), arena),
                        checked(file, target.name(), blob.scale()));
            }
            return builder.write(out, bytes);
        }
    }

    /** From bits over the flattened tensor to rows that begin at a byte. */
    private static MemorySegment rows(BdltTensor blob, Shape shape, Arena arena) {
        long rowBytes = (shape.columns() + 7) / 8;
        MemorySegment signs = arena.allocate(Math.max(1, shape.rows() * rowBytes), 64);
        for (long row = 0; row < shape.rows(); row++) {
            for (long column = 0; column < shape.columns(); column++) {
                if (blob.bit(row * shape.columns() + column)) {
                    long at = row * rowBytes + (column >> 3);
                    byte before = signs.get(ValueLayout.JAVA_BYTE, at);
                    signs.set(ValueLayout.JAVA_BYTE, at, (byte) (before | (1 << (column & 7))));
                }
            }
        }
        return signs.asSlice(0, shape.rows() * rowBytes);
    }
}
