package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Predicate;

/** Holds recomputed bytes against those of a delta file and remembers the first place, in file order, that differs. */
final class ComparingSink implements EntrySink {
    private final DeltaFile delta;
    private final Predicate<Entry> compared;
    private long firstAt = Long.MAX_VALUE;
    private String first = "";

    ComparingSink(DeltaFile delta, Predicate<Entry> compared) {
        this.delta = delta;
        this.compared = compared;
    }

    @Override
    public void write(Entry entry, long offset, MemorySegment bytes) {
        if (!compared.test(entry)) {
            return;
        }
        MemorySegment stored = delta.entry(entry.name()).data().asSlice(offset, bytes.byteSize());
        long mismatch = stored.mismatch(bytes);
        if (mismatch >= 0) {
            note(entry, offset + mismatch);
        }
    }

    private synchronized void note(Entry entry, long offset) {
        if (entry.begin() + offset < firstAt) {
            firstAt = entry.begin() + offset;
            first = "entry %s differs from the recomputation at byte %d".formatted(entry.name(), offset);
        }
    }

    /** The first difference. */
    synchronized Optional<String> difference() {
        return first.isEmpty() ? Optional.empty() : Optional.of(first);
    }
}
