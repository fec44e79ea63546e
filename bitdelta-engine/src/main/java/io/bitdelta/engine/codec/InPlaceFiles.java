package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Writable mappings of the files of a checkpoint. */
final class InPlaceFiles implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Map<Path, MemorySegment> mapped = new HashMap<>();

    /** The writable bytes of a tensor. */
    MemorySegment of(Tensor tensor) throws IOException {
        MemorySegment file = mapped.get(tensor.file());
        if (file == null) {
            try (FileChannel channel =
                    FileChannel.open(tensor.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                file = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
            }
            mapped.put(tensor.file(), file);
        }
        return file.asSlice(tensor.offset(), tensor.data().byteSize());
    }

    /** Makes all changes durable. */
    void force() {
        mapped.values().forEach(MemorySegment::force);
    }

    @Override
    public void close() {
        arena.close();
    }
}
