package io.bitdelta.engine.codec;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.tensor.WeightsHashCache;
import io.bitdelta.engine.work.WholeFile;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compresses a fine-tune against its base into a delta file. */
public final class DeltaCompressor {
    private static final double GIB = 1L << 30;

    private DeltaCompressor() {}

    /**
     * Writes the delta that turns {@code base} into (nearly) {@code finetuned}.
     *
     * @param base folder or file of safetensors
     * @param finetuned likewise
     * @param out the delta file; appears whole or not at all
     * @param options how to compress
     * @param progress receives {@link #work} bytes in all
     * @throws io.bitdelta.engine.EngineInputException if a checkpoint or their pairing is refused
     * @throws IOException if reading or writing fails
     */
    public static CompressReport compress(
            Path base, Path finetuned, Path out, CompressOptions options, Progress progress) throws IOException {
        long start = System.nanoTime();
        try (Checkpoint from = Checkpoint.open(base);
                Checkpoint to = Checkpoint.open(finetuned);
                Workers workers = Workers.of(options.threads())) {
            TensorPairing pairing = TensorPairing.of(from, to);
            BudgetPlanner.Plan plan = plan(pairing, options, workers);
            if (plan.planned().isEmpty()) {
                throw new NothingToCompressException(base, finetuned, "the weights are equal; there is no delta");
            }
            Hashes hashes = hashes(from, to, options, workers, progress);
            DeltaHeader header = DeltaHeader.place(metadata(hashes.base(), options), plan.planned());
            DeltaEnergy energy = write(pairing, header, out, workers, progress);
            try (DeltaFile delta = DeltaFile.open(out)) {
                String contentRoot = DeltaCommitment.contentRoot(delta, workers).hex();
                double relativeError = relativeError(delta, pairing, plan, energy, options, workers);
                double seconds = (System.nanoTime() - start) / 1e9;
                return new CompressReport(
                        contentRoot,
                        contentRoot,
                        delta.fileHash().hex(),
                        hashes.base().hex(),
                        hashes.finetuned().hex(),
                        header.layout().size(),
                        weights(header),
                        delta.size(),
                        to.bytes(),
                        (double) to.bytes() / delta.size(),
                        fullBytes(header),
                        relativeError,
                        seconds,
                        (from.bytes() + to.bytes()) / GIB / seconds,
                        pairing.extra(),
                        pairing.missing(),
                        choices(header, options),
                        plan.curve());
            }
        }
    }

    /** The bytes that {@link #compress} reports as progress: both checkpoints are read twice, to hash and to encode. */
    public static long work(Path base, Path finetuned) throws IOException {
        try (Checkpoint from = Checkpoint.open(base);
                Checkpoint to = Checkpoint.open(finetuned)) {
            return 2 * (from.bytes() + to.bytes());
        }
    }

    private static double relativeError(
            DeltaFile delta,
            TensorPairing pairing,
            BudgetPlanner.Plan plan,
            DeltaEnergy energy,
            CompressOptions options,
            Workers workers) {
        if (!plan.curve().isEmpty()) {
            return plan.curve().getLast().relativeError();
        }
        return options.clipSigma().isPresent()
                ? ReconstructionError.relative(delta, pairing, workers)
                : energy.relativeError();
    }

    private record Hashes(Hash32 base, Hash32 finetuned) {}

    private static Hashes hashes(
            Checkpoint base, Checkpoint finetuned, CompressOptions options, Workers workers, Progress progress)
            throws IOException {
        Optional<WeightsHashCache> cache = options.hashCache().map(WeightsHashCache::new);
        Optional<Hash32> known = cache.isPresent() ? cache.get().find(base) : Optional.empty();
        if (known.isPresent()) {
            progress.advance(base.bytes());
            return new Hashes(known.get(), WeightsHash.of(finetuned, workers, progress));
        }
        List<Hash32> both = WeightsHash.of(List.of(base, finetuned), workers, progress);
        if (cache.isPresent()) {
            cache.get().remember(base, both.getFirst());
        }
        return new Hashes(both.getFirst(), both.getLast());
    }

    private static BudgetPlanner.Plan plan(TensorPairing pairing, CompressOptions options, Workers workers) {
        if (options.budget().isEmpty()) {
            return new BudgetPlanner.Plan(new CompressPlanner(pairing, options, workers).plan(), List.of(), 0);
        }
        long budget = options.budget().getAsLong();
        BudgetPlanner.Plan plan =
                new BudgetPlanner(pairing, options, workers).plan(metadata(Hash32.ZERO, options), budget);
        if (plan.planned().isEmpty() && plan.changed() > 0) {
            throw new BudgetTooSmallException(budget, plan.curve().getFirst().bytes());
        }
        return plan;
    }

    private static List<CompressReport.Choice> choices(DeltaHeader header, CompressOptions options) {
        if (options.budget().isEmpty() && options.granularity().isPresent()) {
            return List.of();
        }
        List<CompressReport.Choice> choices = new ArrayList<>();
        for (LayoutEntry entry : header.layout()) {
            choices.add(
                    switch (entry) {
                        case LayoutEntry.Sign sign ->
                            new CompressReport.Choice(
                                    sign.name(), "sign", sign.granularity().toString(), sign.bits());
                        case LayoutEntry.LowRank lowRank ->
                            new CompressReport.Choice(
                                    lowRank.name(), "lowrank", "rank " + lowRank.rank(), lowRank.bits());
                        case LayoutEntry.Full full -> new CompressReport.Choice(full.name(), "full", "none", 0);
                        case LayoutEntry.Core core ->
                            new CompressReport.Choice(core.name(), "core", "rank " + core.rank(), core.bits());
                    });
        }
        return choices;
    }

    private static DeltaMetadata metadata(Hash32 baseHash, CompressOptions options) {
        Optional<String> clip = options.clipSigma().isPresent()
                ? Optional.of(DeltaMetadata.decimal(options.clipSigma().getAsDouble()))
                : Optional.empty();
        return new DeltaMetadata(
                baseHash, DeltaMetadata.ScaleOrigin.MEAN_ABS, clip, options.domain(), options.packing());
    }

    private static DeltaEnergy write(
            TensorPairing pairing, DeltaHeader header, Path out, Workers workers, Progress progress)
            throws IOException {
        byte[] prefix = header.encode();
        try (WholeFile file = WholeFile.create(out)) {
            EntrySink sink = (entry, offset, bytes) -> {
                try {
                    file.write(bytes, prefix.length + entry.begin() + offset);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
            file.write(MemorySegment.ofArray(prefix), 0);
            DeltaEnergy energy = new DeltaEncoder(pairing, header, sink).encode(workers, progress);
            file.commit();
            return energy;
        }
    }

    private static long weights(DeltaHeader header) {
        return header.signs().stream().mapToLong(sign -> sign.shape().count()).sum();
    }

    private static long fullBytes(DeltaHeader header) {
        return header.layout().stream()
                .filter(LayoutEntry.Full.class::isInstance)
                .map(LayoutEntry.Full.class::cast)
                .mapToLong(full -> full.shape().count() * full.dtype().width())
                .sum();
    }
}
