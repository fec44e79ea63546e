package io.bitdelta.engine.codec;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Takes bytes at positions: a file in the making, or a tensor's place in a mapped one. */
@FunctionalInterface
interface ByteTarget {
    /** Stores a segment at a position. */
    void write(MemorySegment bytes, long position) throws IOException;
}
