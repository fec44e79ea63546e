package io.bitdelta.engine;

import io.bitdelta.engine.kernel.ElementCodec;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes small checkpoints for tests. */
public final class TestModels {
    private static final class Data {
        private final Dtype dtype;
        private final Shape shape;
        private final byte[] bytes;

        Data(Dtype dtype, Shape shape, byte[] bytes) {
            this.dtype = dtype;
            this.shape = shape;
            this.bytes = bytes;
        }
    }

    private final Map<String, Data> tensors = new LinkedHashMap<>();

    /** No tensors yet. */
    public TestModels() {}

    /** Adds a tensor from numbers; F32, F64, BF16 (truncated) or F16. */
    public TestModels tensor(String name, Dtype dtype, Shape shape, double... values) {
        byte[] array = new byte[values.length * dtype.width()];
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (dtype) {
                case F64 -> bytes.putDouble(value);
                case F32 -> bytes.putFloat((float) value);
                case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
                case F16 -> bytes.putShort(Float.floatToFloat16((float) value));
                default -> throw new IllegalArgumentException(dtype.name());
            }
        }
        return raw(name, dtype, shape, array);
    }

    /** Adds a tensor from bytes. */
    public TestModels raw(String name, Dtype dtype, Shape shape, byte[] bytes) {
        tensors.put(name, new Data(dtype, shape, bytes));
        return this;
    }

    /** Writes the file. */
    public Path write(Path file) {
        List<Entry> unplaced = new ArrayList<>();
        tensors.forEach((name, data) -> unplaced.add(SafetensorsWriter.unplaced(name, data.dtype, data.shape)));
        List<Entry> placed = SafetensorsWriter.place(unplaced);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(SafetensorsWriter.header(Map.of("format", "pt"), placed));
            for (Entry entry : placed) {
                out.write(Objects.requireNonNull(tensors.get(entry.name())).bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** A file with this header text, whatever it says, and this many bytes of data. */
    public static Path withHeader(Path file, String json, int dataBytes) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[8 + text.length + dataBytes];
        ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
        try {
            return Files.write(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tensor's elements. */
    public static double[] numbers(Tensor tensor) {
        double[] numbers = new double[Math.toIntExact(tensor.shape().count())];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ElementCodec.read(
                    tensor.dtype(), tensor.data(), (long) i * tensor.dtype().width());
        }
        return numbers;
    }

    /** The shipped model's folder. */
    public static Path tiny(String variant) {
        return Path.of(System.getProperty("bitdelta.home"), "models", "tiny-qwen3", variant);
    }

    /** The folder of larger test data; may be absent. */
    public static Path shared() {
        return Path.of(System.getProperty("bitdelta.shared"));
    }
}
