package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import java.lang.foreign.MemorySegment;

/**
 * Where encoders put the bytes of entries: into a file, or against one that is being verified. Called from several
 * threads with disjoint ranges.
 */
@FunctionalInterface
interface EntrySink {
    /**
     * Takes some bytes of an entry.
     *
     * @param entry the entry
     * @param offset where they belong, in bytes from the entry's start
     * @param bytes valid during the call
     */
    void write(Entry entry, long offset, MemorySegment bytes);
}
