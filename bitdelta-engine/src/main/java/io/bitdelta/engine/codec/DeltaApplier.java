package io.bitdelta.engine.codec;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.SafetensorsWriter;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.SideFiles;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rebuilds a checkpoint from a base and a delta: {@code w_b +- s} per plane in binary32, rounded to the base's dtype. */
public final class DeltaApplier {
    private static final String WEIGHTS = "model.safetensors";
    private static final long ELEMENTS_PER_TASK = 1L << 20;

    private final DeltaFile delta;
    private final Checkpoint base;
    private final Map<String, LayoutEntry> changed = new HashMap<>();
    private final WeightKernels kernels = KernelProvider.kernels();

    DeltaApplier(DeltaFile delta, Checkpoint base) {
        this.delta = delta;
        this.base = base;
        delta.layout().forEach(entry -> changed.put(entry.name(), entry));
    }

    /** As {@link #apply(Path, Path, Path, int, Progress)} on one thread, unwatched. */
    public static ApplyReport apply(Path delta, Path base, Path outDir) throws IOException {
        return apply(delta, base, outDir, 1, Progress.NONE);
    }

    /**
     * Writes {@code outDir/model.safetensors} and copies the base folder's configuration and tokenizer beside it.
     *
     * @param delta the delta file
     * @param base folder or file of safetensors; its weights hash must be the delta's
     * @param outDir created when missing
     * @param threads workers
     * @param progress receives twice the base's bytes: they are hashed, then rewritten
     * @throws BaseMismatchException if the delta was made for another base
     * @throws MalformedDeltaException if the delta breaks a rule
     * @throws IOException if reading or writing fails
     */
    public static ApplyReport apply(Path delta, Path base, Path outDir, int threads, Progress progress)
            throws IOException {
        long start = System.nanoTime();
        try (DeltaFile file = DeltaFile.open(delta);
                Checkpoint checkpoint = Checkpoint.open(base);
                Workers workers = Workers.of(threads)) {
            Hash32 found = WeightsHash.of(checkpoint, workers, progress);
            if (!found.equals(file.header().metadata().baseHash())) {
                throw new BaseMismatchException(delta, file.header().metadata().baseHash(), base, found);
            }
            Optional<String> misfit = LayoutFit.misfit(file.header(), checkpoint);
            if (misfit.isPresent()) {
                throw new MalformedDeltaException(delta, misfit.get());
            }
            Files.createDirectories(outDir);
            Path out = outDir.resolve(WEIGHTS);
            DeltaApplier applier = new DeltaApplier(file, checkpoint);
            List<Entry> entries = applier.entries();
            long bytes = applier.write(out, entries, workers, progress);
            SideFiles.copy(base, outDir);
            return new ApplyReport(
                    found.hex(),
                    file.fileHash().hex(),
                    out.toString(),
                    entries.size(),
                    file.layout().size(),
                    bytes,
                    (System.nanoTime() - start) / 1e9);
        }
    }

    /** Writes one changed tensor over its place in memory; reads every element before it writes it. */
    void change(LayoutEntry entry, Tensor tensor, MemorySegment target, Workers workers) {
        ByteTarget bytes = (source, position) -> MemorySegment.copy(source, 0, target, position, source.byteSize());
        try {
            switch (entry) {
                case LayoutEntry.Full full -> bytes.write(delta.full(full), 0);
                case LayoutEntry.Sign sign -> signs(sign, tensor, bytes, 0, workers);
                case LayoutEntry.LowRank lowRank ->
                    LowRankApplier.apply(delta, lowRank, tensor, kernels, bytes, 0, workers);
                case LayoutEntry.Core core ->
                    LowRankApplier.apply(
                            CoreFactors.of(delta, core, tensor, workers), tensor, kernels, bytes, 0, workers);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Tensor tensor : base.tensors()) {
            entries.add(
                    changed.get(tensor.name()) instanceof LayoutEntry.Full full
                            ? SafetensorsWriter.unplaced(full.name(), full.dtype(), full.shape())
                            : SafetensorsWriter.unplaced(tensor.name(), tensor.dtype(), tensor.shape()));
        }
        for (LayoutEntry entry : delta.layout()) {
            if (entry instanceof LayoutEntry.Full full
                    && base.tensor(full.name()).isEmpty()) {
                entries.add(SafetensorsWriter.unplaced(full.name(), full.dtype(), full.shape()));
            }
        }
        return SafetensorsWriter.place(entries);
    }

    private long write(Path out, List<Entry> entries, Workers workers, Progress progress) throws IOException {
        byte[] header = SafetensorsWriter.header(Map.of("format", "pt"), entries);
        try (WholeFile file = WholeFile.create(out)) {
            file.write(MemorySegment.ofArray(header), 0);
            for (Entry entry : entries) {
                long at = header.length + entry.begin();
                switch (changed.get(entry.name())) {
                    case null -> file.write(tensor(entry).data(), at);
                    case LayoutEntry.Full full -> file.write(delta.full(full), at);
                    case LayoutEntry.Sign sign -> signs(sign, tensor(entry), file::write, at, workers);
                    case LayoutEntry.LowRank lowRank ->
                        LowRankApplier.apply(delta, lowRank, tensor(entry), kernels, file::write, at, workers);
                    case LayoutEntry.Core core ->
                        LowRankApplier.apply(
                                CoreFactors.of(delta, core, tensor(entry), workers),
                                tensor(entry),
                                kernels,
                                file::write,
                                at,
                                workers);
                }
                progress.advance(entry.end() - entry.begin());
            }
            file.commit();
            return header.length + (entries.isEmpty() ? 0 : entries.getLast().end());
        }
    }

    private Tensor tensor(Entry entry) {
        return base.tensor(entry.name()).orElseThrow();
    }

    private void signs(LayoutEntry.Sign sign, Tensor tensor, ByteTarget file, long at, Workers workers) {
        long rows = sign.shape().rows();
        long columns = sign.shape().columns();
        long rowsPerTask = Math.max(1, ELEMENTS_PER_TASK / Math.max(1, columns));
        workers.forEachLong((rows + rowsPerTask - 1) / rowsPerTask, task -> {
            long first = task * rowsPerTask;
            rows(sign, tensor, file, at, first, Math.min(rows, first + rowsPerTask));
        });
    }

    private void rows(LayoutEntry.Sign sign, Tensor tensor, ByteTarget file, long at, long first, long end) {
        int width = tensor.dtype().width();
        long columns = sign.shape().columns();
        try (Arena arena = Arena.ofConfined()) {
            PlaneReader planes = new PlaneReader(delta, sign, kernels, 1, arena);
            MemorySegment tile = arena.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
            FileAppender out = new FileAppender(file, at + first * columns * width, arena);
            for (long row = first; row < end; row++) {
                for (long column = 0; column < columns; column += PlaneTile.SIZE) {
                    int count = (int) Math.min(PlaneTile.SIZE, columns - column);
                    if (planes.single()) {
                        kernels.apply(
                                tensor.dtype(),
                                tensor.data(),
                                (row * columns + column) * width,
                                count,
                                planes.signs(),
                                row * sign.rowBytes() + column / 8,
                                planes.rowScale(row),
                                out.buffer(),
                                out.reserve(count * width));
                        continue;
                    }
                    kernels.widen(tensor.dtype(), tensor.data(), (row * columns + column) * width, count, tile);
                    planes.apply(tile, row, column, count);
                    kernels.narrow(tensor.dtype(), tile, count, out.buffer(), out.reserve(count * width));
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
