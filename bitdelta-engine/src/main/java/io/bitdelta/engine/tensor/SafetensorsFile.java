package io.bitdelta.engine.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One memory-mapped safetensors file.
 *
 * @param path the file
 * @param header its checked header
 * @param headerBytes the header text as stored, padding included
 * @param data its data section, read-only
 * @param whole the whole file, read-only
 */
public record SafetensorsFile(
        Path path, SafetensorsHeader header, MemorySegment headerBytes, MemorySegment data, MemorySegment whole) {
    /** The limit that the format's own reader sets. */
    public static final long MAX_HEADER = 100_000_000L;

    private static final int PREFIX = Long.BYTES;
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Maps a file and checks its header.
     *
     * @param maxHeader the longest header to accept, in bytes
     * @param arena owns the mapping
     * @throws MalformedSafetensorsException if it is not a safetensors file
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile map(Path path, long maxHeader, Arena arena) throws IOException {
        MemorySegment whole;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < PREFIX) {
                throw new MalformedSafetensorsException(
                        path, "the file has " + size + " bytes, a header length takes 8");
            }
            whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        }
        return read(path, maxHeader, whole);
    }

    /** As {@link #map}, of bytes that are already in memory. */
    public static SafetensorsFile read(Path path, long maxHeader, MemorySegment whole) {
        long available = whole.byteSize() - PREFIX;
        if (available < 0) {
            throw new MalformedSafetensorsException(path, "the file is shorter than the 8 bytes of a header length");
        }
        long length = whole.get(LENGTH, 0);
        if (length < 0 || length > available) {
            throw new MalformedSafetensorsException(
                    path,
                    "the header claims %s bytes but %d follow; the file is truncated or of another format"
                            .formatted(Long.toUnsignedString(length), available));
        }
        if (length > maxHeader) {
            throw new MalformedSafetensorsException(
                    path, "the header has " + length + " bytes, allowed are " + maxHeader);
        }
        MemorySegment headerBytes = whole.asSlice(PREFIX, length);
        MemorySegment data = whole.asSlice(PREFIX + length);
        SafetensorsHeader header =
                SafetensorsHeader.parse(path, headerBytes.toArray(ValueLayout.JAVA_BYTE), data.byteSize());
        return new SafetensorsFile(path, header, headerBytes, data, whole);
    }

    /** The tensor of an entry. */
    public Tensor tensor(SafetensorsHeader.Entry entry) {
        return new Tensor(
                entry.name(),
                entry.dtype(),
                entry.shape(),
                data.asSlice(entry.begin(), entry.end() - entry.begin()),
                path,
                PREFIX + headerBytes.byteSize() + entry.begin());
    }
}
