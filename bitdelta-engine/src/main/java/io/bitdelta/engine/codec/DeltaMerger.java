package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.WeightKernels;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Combines deltas of one base. A tensor that one delta changes is taken over; sign tensors that several change become
 * planes of the mean of their reconstructed deltas, in the first one's form; other tensors must be the same everywhere.
 * The order of the deltas matters for the form only, and for the order of a binary32 sum.
 */
public final class DeltaMerger {
    private final List<DeltaFile> deltas;
    private final WeightKernels kernels = KernelProvider.kernels();

    private DeltaMerger(List<DeltaFile> deltas) {
        this.deltas = deltas;
    }

    /**
     * Writes the merged delta.
     *
     * @param inputs at least two delta files
     * @throws IncompatibleDeltaException if their bases differ, or a tensor that cannot be averaged differs
     */
    public static DeltaWriteReport merge(List<Path> inputs, Path out, int threads) throws IOException {
        if (inputs.size() < 2) {
            throw new IllegalArgumentException("merging takes at least two deltas");
        }
        List<DeltaFile> open = new ArrayList<>();
        try (Workers workers = Workers.of(threads)) {
            long bytes = 0;
            for (Path input : inputs) {
                open.add(DeltaFile.open(input));
                bytes += open.getLast().size();
            }
            new DeltaMerger(open).write(out, workers);
            int bits = open.getFirst().header().signs().stream()
                    .mapToInt(LayoutEntry.Sign::bits)
                    .max()
                    .orElse(0);
            return DeltaWriteReport.of(out, bits, bytes);
        } finally {
            open.forEach(DeltaFile::close);
        }
    }

    private void write(Path out, Workers workers) throws IOException {
        DeltaFile first = deltas.getFirst();
        Hash32 base = first.header().metadata().baseHash();
        Map<String, List<DeltaFile>> holders = new TreeMap<>(Checkpoint.NAME_ORDER);
        for (DeltaFile delta : deltas) {
            if (!delta.header().metadata().baseHash().equals(base)) {
                throw new IncompatibleDeltaException(
                        first.path(),
                        delta.path(),
                        "its base is " + delta.header().metadata().baseHash() + ", not " + base);
            }
            for (LayoutEntry entry : delta.layout()) {
                holders.computeIfAbsent(entry.name(), name -> new ArrayList<>()).add(delta);
            }
        }
        // One packing of all is kept; what is packed differently comes out plain.
        Set<Optional<Dtype>> packings = deltas.stream()
                .map(delta -> delta.header().metadata().packing())
                .collect(Collectors.toSet());
        Optional<Dtype> packing =
                packings.size() == 1 ? first.header().metadata().packing() : Optional.empty();
        Dtype bytes = packing.orElse(Dtype.F32);
        List<DeltaHeader.Planned> planned = new ArrayList<>();
        holders.forEach((name, holding) -> planned.add(planned(name, holding, bytes)));
        DeltaMetadata metadata = new DeltaMetadata(
                base,
                DeltaMetadata.ScaleOrigin.MEAN_ABS,
                Optional.empty(),
                first.header().metadata().domain(),
                packing);
        try (DeltaOutput output = DeltaOutput.create(out, DeltaHeader.place(metadata, planned))) {
            for (DeltaHeader.Planned tensor : planned) {
                tensor(tensor, holders.getOrDefault(tensor.entry().name(), List.of()), output, workers);
            }
            output.commit();
        }
    }

    private static LayoutEntry entry(DeltaFile delta, String name) {
        return delta.layout().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A tensor's form, with scales of a byte as {@code bytes}. */
    private static DeltaHeader.Planned planned(String name, List<DeltaFile> holding, Dtype bytes) {
        DeltaFile first = holding.getFirst();
        LayoutEntry form = entry(first, name);
        for (DeltaFile other : holding.subList(1, holding.size())) {
            LayoutEntry otherForm = entry(other, name);
            boolean fits = form instanceof LayoutEntry.Sign sign
                    ? otherForm instanceof LayoutEntry.Sign that && that.shape().equals(sign.shape())
                    : form.equals(otherForm) && sameBytes(first, other, form);
            if (!fits) {
                throw new IncompatibleDeltaException(
                        first.path(), other.path(), "tensor " + name + " is stored in both and cannot be averaged");
            }
        }
        Dtype scaleType =
                switch (form) {
                    case LayoutEntry.Sign sign -> first.scaleType(sign);
                    case LayoutEntry.LowRank lowRank -> first.scaleType(lowRank.a());
                    case LayoutEntry.Full full -> Dtype.F32;
                    case LayoutEntry.Core core -> Dtype.F32;
                };
        return new DeltaHeader.Planned(form, scaleType == Dtype.U8 ? bytes : scaleType, false);
    }

    private static boolean sameBytes(DeltaFile first, DeltaFile other, LayoutEntry form) {
        for (String name : entryNames(form)) {
            if (first.entry(name).data().mismatch(other.entry(name).data()) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean scales(LayoutEntry form, String entry) {
        return switch (form) {
            case LayoutEntry.Sign sign -> scales(sign, entry);
            case LayoutEntry.LowRank lowRank -> scales(lowRank.a(), entry) || scales(lowRank.b(), entry);
            case LayoutEntry.Full full -> false;
            case LayoutEntry.Core core -> false;
        };
    }

    private static boolean scales(LayoutEntry.Sign sign, String entry) {
        return IntStream.range(0, sign.bits())
                .anyMatch(plane -> sign.scaleName(plane).equals(entry));
    }

    private static List<String> entryNames(LayoutEntry form) {
        DeltaMetadata nobody = new DeltaMetadata(
                Hash32.ZERO, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL);
        return DeltaHeader.place(nobody, List.of(new DeltaHeader.Planned(form, Dtype.F32, false))).entries().stream()
                .map(entry -> entry.name())
                .toList();
    }

    private void tensor(DeltaHeader.Planned planned, List<DeltaFile> holding, DeltaOutput output, Workers workers)
            throws IOException {
        if (holding.size() == 1 || !(planned.entry() instanceof LayoutEntry.Sign sign)) {
            for (String name : entryNames(planned.entry())) {
                Tensor stored = holding.getFirst().entry(name);
                boolean widened = scales(planned.entry(), name) && stored.dtype() != planned.scaleType();
                output.store(name, widened ? ScaleCodec.converted(stored, planned.scaleType()) : stored.data());
            }
            return;
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mean = arena.allocate(sign.shape().count() * Float.BYTES, 64);
            long columns = sign.shape().columns();
            workers.forEachLong(sign.shape().rows(), row -> {
                try (Arena scratch = Arena.ofConfined()) {
                    meanRow(
                            holding,
                            sign,
                            row,
                            mean.asSlice(row * columns * Float.BYTES, columns * Float.BYTES),
                            scratch);
                }
            });
            output.planes(sign, planned.scaleType(), mean, holding.getFirst().path(), workers);
        }
    }

    private void meanRow(List<DeltaFile> holding, LayoutEntry.Sign sign, long row, MemorySegment mean, Arena scratch) {
        long columns = sign.shape().columns();
        MemorySegment tile = scratch.allocate((long) PlaneTile.SIZE * Float.BYTES, 64);
        for (DeltaFile delta : holding) {
            PlaneReader planes =
                    new PlaneReader(delta, (LayoutEntry.Sign) entry(delta, sign.name()), kernels, 1, scratch);
            for (long column = 0; column < columns; column += PlaneTile.SIZE) {
                int count = (int) Math.min(PlaneTile.SIZE, columns - column);
                MemorySegment part = mean.asSlice(column * Float.BYTES, (long) count * Float.BYTES);
                MemorySegment.copy(part, 0, tile, 0, part.byteSize());
                planes.apply(tile, row, column, count);
                MemorySegment.copy(tile, 0, part, 0, part.byteSize());
            }
        }
        for (long i = 0; i < columns; i++) {
            float sum = mean.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            mean.setAtIndex(ValueLayout.JAVA_FLOAT, i, sum / holding.size());
        }
    }
}
