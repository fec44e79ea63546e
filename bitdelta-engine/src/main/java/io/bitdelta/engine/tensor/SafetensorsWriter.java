package io.bitdelta.engine.tensor;

import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The one way in which this engine lays out a safetensors file (FORMATS section 3). */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    /** An entry without a place yet. */
    public static Entry unplaced(String name, Dtype dtype, Shape shape) {
        return new Entry(name, dtype, shape, 0, Math.multiplyExact(shape.count(), (long) dtype.width()));
    }

    /** Places entries one after the other: element width descending (which aligns them all), then name bytes. */
    public static List<Entry> place(List<Entry> unplaced) {
        List<Entry> sorted = new ArrayList<>(unplaced);
        sorted.sort(Comparator.comparingInt((Entry e) -> -e.dtype().width())
                .thenComparing(Entry::name, Checkpoint.NAME_ORDER));
        List<Entry> placed = new ArrayList<>(sorted.size());
        long at = 0;
        for (Entry entry : sorted) {
            long end = Math.addExact(at, entry.end() - entry.begin());
            placed.add(new Entry(entry.name(), entry.dtype(), entry.shape(), at, end));
            at = end;
        }
        return placed;
    }

    /**
     * The length prefix and the header, padded with spaces to a multiple of 8.
     *
     * @param metadata the texts of {@code __metadata__}; written in key order
     * @param placed the entries
     */
    public static byte[] header(Map<String, String> metadata, List<Entry> placed) {
        StringBuilder text = new StringBuilder("{\"__metadata__\":").append(CanonicalJson.of(metadata));
        for (Entry entry : placed) {
            text.append(',')
                    .append(CanonicalJson.of(entry.name()))
                    .append(":{\"dtype\":\"")
                    .append(entry.dtype())
                    .append("\",\"shape\":")
                    .append(entry.shape())
                    .append(",\"data_offsets\":[")
                    .append(entry.begin())
                    .append(',')
                    .append(entry.end())
                    .append("]}");
        }
        byte[] json = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.addExact(json.length, 7) & ~7;
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(json);
        while (out.hasRemaining()) {
            out.put((byte) ' ');
        }
        return out.array();
    }
}
