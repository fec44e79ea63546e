package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.UnfinishedChangeException;
import io.bitdelta.engine.work.WholeFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The way back from a change in place that was cut off: beside the checkpoint, the bytes that the current step is about
 * to overwrite. Written whole and synced before the step begins; replaced by the next step's only when this one is on
 * disk. Layout: magic, hash of the base, hash of the delta file, number of the step, bytes of the step's tensors in
 * order, SHA-256 of all that.
 */
final class InPlaceJournal {
    private static final byte[] MAGIC = "bitdelta in-place 1\n\0\0\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final ValueLayout.OfLong STEP = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int STEP_AT = MAGIC.length + 2 * Hash32.SIZE;
    private static final int HEADER = STEP_AT + Long.BYTES;

    private final Checkpoint checkpoint;
    private final Path path;
    private final Hash32 base;
    private final Hash32 delta;

    InPlaceJournal(Checkpoint checkpoint, Hash32 base, Hash32 delta) {
        this.checkpoint = checkpoint;
        this.path = checkpoint.journal();
        this.base = base;
        this.delta = delta;
    }

    /** Saves what step {@code number} will overwrite. */
    void begin(int number, List<Tensor> tensors) throws IOException {
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put(base.bytes())
                .put(delta.bytes())
                .putLong(number)
                .array();
        Sha256 sha = new Sha256().update(header);
        try (WholeFile file = WholeFile.create(path)) {
            file.write(MemorySegment.ofArray(header), 0);
            long at = header.length;
            for (Tensor tensor : tensors) {
                file.write(tensor.data(), at);
                sha.update(tensor.data());
                at += tensor.data().byteSize();
            }
            file.write(MemorySegment.ofArray(sha.finish().bytes()), at);
            file.commit();
        }
    }

    /**
     * Undoes the step that was cut off.
     *
     * @return its number; empty when there is no journal
     * @throws UnfinishedChangeException if the journal is another delta's, or damaged
     */
    Optional<Integer> restore(List<List<Tensor>> steps, InPlaceFiles files) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment saved = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            int step = step(saved, steps.size());
            List<Tensor> tensors = steps.get(step);
            long bytes = tensors.stream().mapToLong(t -> t.data().byteSize()).sum();
            if (saved.byteSize() != HEADER + bytes + Hash32.SIZE
                    || !Sha256.of(saved.asSlice(0, HEADER + bytes))
                            .equals(Hash32.of(saved.asSlice(HEADER + bytes).toArray(ValueLayout.JAVA_BYTE)))) {
                throw damaged();
            }
            long at = HEADER;
            for (Tensor tensor : tensors) {
                files.of(tensor).copyFrom(saved.asSlice(at, tensor.data().byteSize()));
                at += tensor.data().byteSize();
            }
            files.force();
            return Optional.of(step);
        }
    }

    private int step(MemorySegment saved, int steps) {
        if (saved.byteSize() < HEADER || saved.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
            throw damaged();
        }
        Hash32 foundBase = Hash32.of(saved.asSlice(MAGIC.length, Hash32.SIZE).toArray(ValueLayout.JAVA_BYTE));
        Hash32 foundDelta =
                Hash32.of(saved.asSlice(MAGIC.length + Hash32.SIZE, Hash32.SIZE).toArray(ValueLayout.JAVA_BYTE));
        if (!foundBase.equals(base) || !foundDelta.equals(delta)) {
            throw new UnfinishedChangeException(
                    checkpoint.path(), path, "it is being changed in place by the delta file " + foundDelta);
        }
        long step = saved.get(STEP, STEP_AT);
        if (step < 0 || step >= steps) {
            throw damaged();
        }
        return (int) step;
    }

    private UnfinishedChangeException damaged() {
        return new UnfinishedChangeException(
                checkpoint.path(), path, "its change in place was cut off and the journal is damaged; take a new copy");
    }

    /** All steps are on disk: the way back is not needed any more. */
    void end() throws IOException {
        Files.deleteIfExists(path);
        Path folder = path.toAbsolutePath().resolveSibling(".");
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
