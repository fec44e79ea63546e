package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A delta file in the making: takes entries in any order, and numbers that are to become planes. */
final class DeltaOutput implements AutoCloseable {
    private final WholeFile file;
    private final long dataStart;
    private final Map<String, Entry> entries = new HashMap<>();

    private DeltaOutput(WholeFile file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    static DeltaOutput create(Path out, DeltaHeader header) throws IOException {
        byte[] prefix = header.encode();
        WholeFile file = WholeFile.create(out);
        try {
            file.write(MemorySegment.ofArray(prefix), 0);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        DeltaOutput output = new DeltaOutput(file, prefix.length);
        header.entries().forEach(entry -> output.entries.put(entry.name(), entry));
        return output;
    }

    /** Where encoders write. */
    EntrySink sink() {
        return (entry, offset, bytes) -> {
            try {
                file.write(bytes, dataStart + entry.begin() + offset);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** Stores an entry as it is. */
    void store(String name, MemorySegment bytes) throws IOException {
        Entry entry = entries.get(name);
        if (entry == null || bytes.byteSize() != entry.end() - entry.begin()) {
            throw new IllegalArgumentException(
                    bytes.byteSize() + " bytes do not fit entry " + entry + " named " + name);
        }
        file.write(bytes, dataStart + entry.begin());
    }

    /** Turns native binary32 numbers, row-major, into planes and scales: a delta over a base of zeros. */
    void planes(LayoutEntry.Sign sign, Dtype scaleType, MemorySegment numbers, Path source, Workers workers) {
        LowRankEncoder.planes(sign, scaleType, numbers, source, entries, sink(), workers);
    }

    void commit() throws IOException {
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
