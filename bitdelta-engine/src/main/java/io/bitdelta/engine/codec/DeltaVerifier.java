package io.bitdelta.engine.codec;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.DeltaCommitment;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.tensor.WeightsHashCache;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks a delta file: alone (structure, bounds, hashes), against its base (weights hash, layout), and against its
 * fine-tune (recomputes every byte). A delta that breaks a rule gives a report that says so, never an exception; weights
 * that cannot be read do.
 */
public final class DeltaVerifier {
    private final List<Check> checks = new ArrayList<>();
    private final Path path;
    private final Optional<WeightsHashCache> cache;
    private final int threads;
    private final Progress progress;

    private DeltaVerifier(Path path, Optional<WeightsHashCache> cache, int threads, Progress progress) {
        this.path = path;
        this.cache = cache;
        this.threads = threads;
        this.progress = progress;
    }

    /**
     * Verifies a delta file.
     *
     * @param delta the file
     * @param base the base it should be over, if at hand
     * @param finetuned the fine-tune it should come from, if at hand; needs {@code base}
     * @param threads workers
     * @param progress receives bytes of weights read
     * @throws IOException if a file cannot be read
     * @throws EngineInputException if a checkpoint cannot be used
     */
    public static VerifyReport verify(
            Path delta, Optional<Path> base, Optional<Path> finetuned, int threads, Progress progress)
            throws IOException {
        return verify(delta, base, finetuned, Optional.empty(), threads, progress);
    }

    /**
     * As above, with a folder that remembers the weights hashes of unchanged bases; the report says when a hash was
     * remembered instead of computed.
     */
    public static VerifyReport verify(
            Path delta,
            Optional<Path> base,
            Optional<Path> finetuned,
            Optional<Path> hashCache,
            int threads,
            Progress progress)
            throws IOException {
        if (finetuned.isPresent() && base.isEmpty()) {
            throw new IllegalArgumentException("recomputing takes the base as well as the fine-tune");
        }
        DeltaVerifier verifier = new DeltaVerifier(delta, hashCache.map(WeightsHashCache::new), threads, progress);
        verifier.run(base, finetuned);
        return VerifyReport.of(verifier.checks);
    }

    private void run(Optional<Path> base, Optional<Path> finetuned) throws IOException {
        DeltaHeader header;
        try {
            header = DeltaFile.readHeader(path);
        } catch (EngineInputException e) {
            fail("structure", e);
            return;
        }
        pass(
                "structure",
                "version 1, %d tensors, canonical header"
                        .formatted(header.layout().size()));
        try (DeltaFile delta = DeltaFile.open(path)) {
            pass("bounds", "scales within 0..%s, padding bits 0".formatted(DeltaFile.MAX_SCALE));
            try (Workers workers = Workers.of(threads)) {
                Hash32 contentRoot = DeltaCommitment.contentRoot(delta, workers);
                pass("fileHash", delta.fileHash().hex());
                pass("contentRoot", contentRoot.hex());
            }
            if (base.isPresent()) {
                weights(delta, base.get(), finetuned);
            }
        } catch (MalformedDeltaException e) {
            fail("bounds", e);
        }
    }

    private void weights(DeltaFile delta, Path basePath, Optional<Path> finetunedPath) throws IOException {
        try (Checkpoint base = Checkpoint.open(basePath);
                Workers workers = Workers.of(threads)) {
            Hash32 wanted = delta.header().metadata().baseHash();
            Optional<Hash32> known = cache.isPresent() ? cache.get().find(base) : Optional.empty();
            Hash32 found = known.isPresent() ? known.get() : WeightsHash.of(base, workers, progress);
            if (known.isEmpty() && cache.isPresent()) {
                cache.get().remember(base, found);
            }
            if (!found.equals(wanted)) {
                fail("base", "the delta is over %s, %s is %s".formatted(wanted, basePath, found));
                return;
            }
            pass("base", found.hex() + (known.isPresent() ? ", remembered since its files last changed" : ""));
            Optional<String> misfit = LayoutFit.misfit(delta.header(), base);
            if (misfit.isPresent()) {
                fail("layout", misfit.get());
                return;
            }
            pass("layout", "every changed tensor is in the base with its dtype and shape");
            if (finetunedPath.isPresent()) {
                try (Checkpoint finetuned = Checkpoint.open(finetunedPath.get())) {
                    recompute(delta, TensorPairing.of(base, finetuned), workers);
                }
            }
        }
    }

    private void recompute(DeltaFile delta, TensorPairing pairing, Workers workers) {
        DeltaMetadata.ScaleOrigin origin = delta.header().metadata().scales();
        if (origin == DeltaMetadata.ScaleOrigin.VOTE) {
            fail("recompute", "a soup is mixed from its members, it does not come from one fine-tune");
            return;
        }
        if (delta.layout().stream().anyMatch(LayoutEntry.Core.class::isInstance)) {
            fail("recompute", "its cores were trained on a text, they do not follow from a fine-tune");
            return;
        }
        for (LayoutEntry entry : delta.layout()) {
            Optional<String> misfit = misfit(entry, pairing);
            if (misfit.isPresent()) {
                fail("recompute", misfit.get());
                return;
            }
        }
        boolean calibrated = origin == DeltaMetadata.ScaleOrigin.CALIBRATED;
        ComparingSink sink = new ComparingSink(delta, entry -> !calibrated || !isScale(delta, entry.name()));
        try {
            new DeltaEncoder(pairing, delta.header(), sink).encode(workers, progress);
        } catch (NonFiniteWeightException | ScaleOutOfRangeException | RankTooHighException e) {
            fail("recompute", e);
            return;
        }
        Optional<String> difference = sink.difference();
        if (difference.isPresent()) {
            fail("recompute", difference.get());
            return;
        }
        pass(
                "recompute",
                (calibrated ? "all signs are" : "every byte is") + " as recomputed" + forgotten(delta, pairing));
    }

    private static boolean isScale(DeltaFile delta, String name) {
        for (LayoutEntry.Sign sign : planes(delta.header())) {
            for (int plane = 0; plane < sign.bits(); plane++) {
                if (sign.scaleName(plane).equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Everything with planes: sign tensors, and the factors of low-rank ones. */
    private static List<LayoutEntry.Sign> planes(DeltaHeader header) {
        List<LayoutEntry.Sign> planes = new ArrayList<>(header.signs());
        for (LayoutEntry entry : header.layout()) {
            if (entry instanceof LayoutEntry.LowRank lowRank) {
                planes.add(lowRank.a());
                planes.add(lowRank.b());
            }
        }
        return planes;
    }

    private static Optional<String> misfit(LayoutEntry entry, TensorPairing pairing) {
        if (entry instanceof LayoutEntry.LowRank lowRank && lowRank.rank() > LowRankFactors.WIDTH) {
            return Optional.of("tensor %s has rank %d; weights give %d at most, it comes from an adapter"
                    .formatted(entry.name(), lowRank.rank(), LowRankFactors.WIDTH));
        }
        if (!pairing.has(entry.name())) {
            return Optional.of("tensor " + entry.name() + " is not in the fine-tune");
        }
        Tensor finetuned = pairing.finetuned(entry.name());
        boolean fits =
                switch (entry) {
                    case LayoutEntry.Sign sign ->
                        sign.shape().equals(finetuned.shape())
                                && finetuned.dtype().floating();
                    case LayoutEntry.Full full ->
                        full.dtype() == finetuned.dtype() && full.shape().equals(finetuned.shape());
                    case LayoutEntry.LowRank lowRank ->
                        lowRank.shape().equals(finetuned.shape())
                                && finetuned.dtype().floating();
                    case LayoutEntry.Core core -> false;
                };
        return fits ? Optional.empty() : Optional.of(LayoutFit.differs(entry.name(), finetuned));
    }

    /** Changed tensors that the delta leaves at the base are legitimate ({@code --rest base}), but never passed over. */
    private static String forgotten(DeltaFile delta, TensorPairing pairing) {
        Set<String> listed = delta.layout().stream().map(LayoutEntry::name).collect(Collectors.toSet());
        long forgotten = pairing.base().tensors().stream()
                .filter(tensor -> !listed.contains(tensor.name()) && pairing.paired(tensor.name()))
                .filter(tensor -> !CompressPlanner.equal(tensor, pairing.finetuned(tensor.name())))
                .count();
        return forgotten == 0 ? "" : "; %d changed tensors are left as in the base".formatted(forgotten);
    }

    private void pass(String name, String detail) {
        checks.add(new Check(name, true, detail));
    }

    private void fail(String name, String detail) {
        checks.add(new Check(name, false, detail));
    }

    private void fail(String name, EngineInputException why) {
        fail(name, String.valueOf(why.getMessage()));
    }
}
