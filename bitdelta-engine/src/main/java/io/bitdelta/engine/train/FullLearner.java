package io.bitdelta.engine.train;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TensorNames;
import io.bitdelta.engine.model.twin.FullVariant;
import io.bitdelta.engine.model.twin.Variant;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.SideFiles;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All weights are learnt; the result is a checkpoint in the base's element types with its side files. */
final class FullLearner implements Learner {
    private static final int TILE = 1 << 12;

    private final ModelWeights model;
    private final FullVariant variant;

    FullLearner(ModelWeights model, FullVariant variant) {
        this.model = model;
        this.variant = variant;
    }

    @Override
    public Variant variant() {
        return variant;
    }

    @Override
    public void write(Path out, Hash32 baseHash, Workers workers) throws IOException {
        Set<String> learnt = TensorNames.all(model.config()).keySet();
        List<Entry> entries = new ArrayList<>();
        for (Tensor tensor : model.checkpoint().tensors()) {
            entries.add(SafetensorsWriter.unplaced(tensor.name(), tensor.dtype(), tensor.shape()));
        }
        List<Entry> placed = SafetensorsWriter.place(entries);
        byte[] header = SafetensorsWriter.header(Map.of("format", "pt"), placed);
        try (WholeFile file = WholeFile.create(out.resolve("model.safetensors"))) {
            file.write(MemorySegment.ofArray(header), 0);
            for (Entry entry : placed) {
                long at = header.length + entry.begin();
                if (learnt.contains(entry.name())) {
                    narrow(entry, file, at);
                } else {
                    file.write(model.tensor(entry.name()).data(), at);
                }
            }
            file.commit();
        }
        SideFiles.copy(model.checkpoint().path(), out);
    }

    private void narrow(Entry entry, WholeFile file, long at) throws IOException {
        MemorySegment numbers = variant.block(entry.name()).data();
        int width = entry.dtype().width();
        long count = entry.shape().count();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment narrow = arena.allocate(Math.max(1, count * width), 64);
            for (long from = 0; from < count; from += TILE) {
                int some = (int) Math.min(TILE, count - from);
                MemorySegment tile = numbers.asSlice(from * Float.BYTES, (long) some * Float.BYTES);
                KernelProvider.kernels().narrow(entry.dtype(), tile, some, narrow, from * width);
            }
            file.write(narrow.asSlice(0, count * width), at);
        }
    }
}
