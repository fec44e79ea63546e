package io.bitdelta.engine.model;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The logits of a sequence as a safetensors file: F32 {@code [tokens, vocabulary]}, named {@code logits}. */
public final class LogitsFile {
    /** The tensor's name. */
    public static final String NAME = "logits";

    private LogitsFile() {}

    /**
     * Computes and writes.
     *
     * @param out appears whole or not at all
     * @return its shape
     * @throws IOException if writing fails
     */
    public static Shape write(CausalLm model, int[] tokens, Path out) throws IOException {
        CausalLm.check(model.config(), tokens);
        int vocabulary = model.config().vocabulary();
        Shape shape = Shape.of(tokens.length, vocabulary);
        List<Entry> entries = SafetensorsWriter.place(List.of(SafetensorsWriter.unplaced(NAME, Dtype.F32, shape)));
        byte[] header = SafetensorsWriter.header(Map.of(), entries);
        try (WholeFile file = WholeFile.create(out)) {
            file.write(MemorySegment.ofArray(header), 0);
            ByteBuffer row = ByteBuffer.allocate(vocabulary * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            model.forward(tokens, (position, logits) -> {
                row.clear().asFloatBuffer().put(logits);
                try {
                    file.write(MemorySegment.ofBuffer(row), header.length + (long) position * row.capacity());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            file.commit();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return shape;
    }
}
