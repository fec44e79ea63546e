package io.bitdelta.engine.train;

import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsFile;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Shape;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a cut-off run stands: a safetensors file with the learnt numbers, both moments and the best numbers so far.
 *
 * @param fingerprint what the run is; another run must not continue from it
 * @param step steps taken
 * @param numbers learnt numbers, then first moments, then second moments, then the best numbers (or nothing)
 * @param facts other numbers, as texts
 */
record TrainingState(String fingerprint, int step, List<float[]> numbers, Map<String, String> facts) {
    private static final int MAX_HEADER = 16 << 20;

    void write(Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>(facts);
        metadata.put("fingerprint", fingerprint);
        metadata.put("step", String.valueOf(step));
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            entries.add(SafetensorsWriter.unplaced(name(i), Dtype.F32, Shape.of(numbers.get(i).length)));
        }
        List<Entry> placed = SafetensorsWriter.place(entries);
        byte[] header = SafetensorsWriter.header(metadata, placed);
        try (WholeFile out = WholeFile.create(file)) {
            out.write(MemorySegment.ofArray(header), 0);
            for (int i = 0; i < placed.size(); i++) {
                long at = header.length + placed.get(i).begin();
                try (Arena arena = Arena.ofConfined()) {
                    float[] values = numbers.get(i);
                    MemorySegment bytes = arena.allocate(Math.max(1, (long) values.length * Float.BYTES), 4);
                    MemorySegment.copy(values, 0, bytes, ValueLayout.JAVA_FLOAT, 0, values.length);
                    out.write(bytes.asSlice(0, (long) values.length * Float.BYTES), at);
                }
            }
            out.commit();
        }
    }

    static TrainingState read(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile mapped = SafetensorsFile.map(file, MAX_HEADER, arena);
            Map<String, String> facts = new LinkedHashMap<>(mapped.header().metadata());
            String fingerprint = facts.remove("fingerprint");
            String step = facts.remove("step");
            if (fingerprint == null || step == null || !step.matches("[0-9]{1,9}")) {
                throw new TrainingDataException(file, "it is not the state of a training; delete it to start over");
            }
            List<float[]> numbers = new ArrayList<>();
            for (Entry entry : mapped.header().entries()) {
                numbers.add(mapped.tensor(entry).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
            }
            return new TrainingState(fingerprint, Integer.parseInt(step), numbers, facts);
        }
    }

    /** Names sort as their numbers do. */
    private static String name(int index) {
        return "n%06d".formatted(index);
    }
}
