package io.bitdelta.engine.foreign;

import io.bitdelta.engine.foreign.Pickle.TorchTensor;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A {@code torch.save} archive: a zip with {@code NAME/data.pkl} and raw storages {@code NAME/data/KEY}, all stored
 * without compression, so that nothing in it is larger than the file.
 */
final class TorchArchive implements AutoCloseable {
    private static final int MAX_PICKLE = 4 << 20;

    private final Path file;
    private final ZipFile zip;
    private final String folder;
    private final Map<String, TorchTensor> tensors;

    private TorchArchive(Path file, ZipFile zip, String folder, Map<String, TorchTensor> tensors) {
        this.file = file;
        this.zip = zip;
        this.folder = folder;
        this.tensors = tensors;
    }

    static TorchArchive open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException e) {
            throw new MalformedForeignDeltaException(
                    file, "not a zip archive; save it again with a torch newer than 1.6 (bare pickles are refused)", e);
        }
        try {
            ZipEntry pickle = zip.stream()
                    .filter(entry -> entry.getName().endsWith("/data.pkl"))
                    .findFirst()
                    .orElseThrow(() -> new MalformedForeignDeltaException(file, "there is no data.pkl in the archive"));
            String folder = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
            checkByteOrder(file, zip, folder);
            return new TorchArchive(file, zip, folder, Pickle.tensors(file, read(file, zip, pickle, MAX_PICKLE)));
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static void checkByteOrder(Path file, ZipFile zip, String folder) throws IOException {
        ZipEntry order = zip.getEntry(folder + "byteorder");
        if (order != null && !new String(read(file, zip, order, 16), StandardCharsets.US_ASCII).equals("little")) {
            throw new MalformedForeignDeltaException(file, "its numbers are not little-endian");
        }
    }

    private static byte[] read(Path file, ZipFile zip, ZipEntry entry, long most) throws IOException {
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw new MalformedForeignDeltaException(file, entry.getName() + " is compressed; torch stores plainly");
        }
        if (entry.getSize() > most) {
            throw new MalformedForeignDeltaException(
                    file, entry.getName() + " has " + entry.getSize() + " bytes, allowed are " + most);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) entry.getSize());
            if (bytes.length != entry.getSize()) {
                throw new MalformedForeignDeltaException(file, entry.getName() + " ends early");
            }
            return bytes;
        } catch (ZipException | EOFException e) {
            throw new MalformedForeignDeltaException(file, entry.getName() + ": " + e.getMessage(), e);
        }
    }

    /** The dictionary. */
    Map<String, TorchTensor> tensors() {
        return tensors;
    }

    /** The element type of a tensor; I32 for packed masks. */
    Dtype dtype(TorchTensor tensor) {
        return switch (tensor.storage().type()) {
            case "DoubleStorage" -> Dtype.F64;
            case "FloatStorage" -> Dtype.F32;
            case "HalfStorage" -> Dtype.F16;
            case "BFloat16Storage" -> Dtype.BF16;
            case "LongStorage" -> Dtype.I64;
            case "IntStorage" -> Dtype.I32;
            case "ShortStorage" -> Dtype.I16;
            case "CharStorage" -> Dtype.I8;
            case "ByteStorage" -> Dtype.U8;
            case "BoolStorage" -> Dtype.BOOL;
            default ->
                throw new MalformedForeignDeltaException(
                        file,
                        "a storage of the unknown type " + tensor.storage().type());
        };
    }

    /** The dimensions of a tensor. */
    Shape shape(TorchTensor tensor) {
        try {
            return new Shape(tensor.shape());
        } catch (IllegalArgumentException e) {
            throw new MalformedForeignDeltaException(file, "a tensor: " + e.getMessage(), e);
        }
    }

    /** The numbers of a tensor in row-major order, whatever its strides. */
    MemorySegment numbers(String name, TorchTensor tensor, Arena arena) throws IOException {
        Dtype dtype = dtype(tensor);
        Shape shape = shape(tensor);
        ZipEntry entry = zip.getEntry(folder + "data/" + tensor.storage().key());
        if (entry == null || tensor.storage().count() != entry.getSize() / dtype.width()) {
            throw new MalformedForeignDeltaException(
                    file,
                    "tensor " + name + " names storage " + tensor.storage().key()
                            + ", which is not there in that size");
        }
        checkReach(name, tensor, shape);
        byte[] raw = read(file, zip, entry, Integer.MAX_VALUE - 16);
        MemorySegment source = MemorySegment.ofArray(raw);
        long count = shape.count();
        if (count * dtype.width() > raw.length) {
            throw new MalformedForeignDeltaException(file, "tensor " + name + " is larger than its storage");
        }
        MemorySegment numbers = arena.allocate(count * dtype.width(), 64);
        int rank = shape.rank();
        long[] index = new long[rank];
        long at = tensor.offset();
        for (long i = 0; i < count; i++) {
            MemorySegment.copy(source, at * dtype.width(), numbers, i * dtype.width(), dtype.width());
            for (int d = rank - 1; d >= 0; d--) {
                index[d]++;
                at += tensor.strides().get(d);
                if (index[d] < shape.dims().get(d)) {
                    break;
                }
                at -= tensor.strides().get(d) * index[d];
                index[d] = 0;
            }
        }
        return numbers;
    }

    /** The last element that strides reach must lie in the storage. */
    private void checkReach(String name, TorchTensor tensor, Shape shape) {
        if (tensor.strides().size() != shape.rank()) {
            throw new MalformedForeignDeltaException(file, "tensor " + name + " has other strides than dimensions");
        }
        if (shape.count() == 0) {
            return;
        }
        try {
            long reach = tensor.offset();
            for (int d = 0; d < shape.rank(); d++) {
                reach = Math.addExact(
                        reach,
                        Math.multiplyExact(tensor.strides().get(d), shape.dims().get(d) - 1));
            }
            if (tensor.offset() < 0 || reach >= tensor.storage().count()) {
                throw new MalformedForeignDeltaException(
                        file,
                        "tensor " + name + " reaches element " + reach + " of "
                                + tensor.storage().count());
            }
        } catch (ArithmeticException e) {
            throw new MalformedForeignDeltaException(file, "tensor " + name + " has strides beyond all bounds", e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
