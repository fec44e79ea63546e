package io.bitdelta.engine.codec;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes a base's own files through memory mappings, with no second copy. Rounding makes the change one-way, so each
 * step first saves the bytes that it overwrites to a journal beside the checkpoint. Killed at any moment, the checkpoint
 * is refused by everything that opens checkpoints until the same command, run again, has put the cut-off step back and
 * finished. Disk beyond the base: one step, {@value #STEP_BYTES} bytes or the largest tensor.
 */
public final class InPlaceApplier {
    static final long STEP_BYTES = 64L << 20;

    private InPlaceApplier() {}

    /** Called when a step's saved bytes are on disk, and when its changes are. */
    @FunctionalInterface
    interface Milestone {
        /** Passed the given point. */
        void reached(int step, boolean changed);
    }

    /**
     * Applies a delta in place, or finishes an application that was cut off.
     *
     * @param delta the delta file; every tensor must keep its type and shape, so none may be new or have grown
     * @param base folder or file of safetensors, writable; its weights hash must be the delta's
     * @param threads workers
     * @param progress receives the base's bytes when they are hashed, then the bytes of changed tensors
     * @throws BaseMismatchException if the delta was made for another base
     * @throws MalformedDeltaException if the delta holds a tensor that does not fit in place
     * @throws io.bitdelta.engine.tensor.UnfinishedChangeException if another delta's application was cut off
     */
    public static ApplyReport apply(Path delta, Path base, int threads, Progress progress) throws IOException {
        return apply(delta, base, threads, progress, STEP_BYTES, (step, changed) -> {});
    }

    static ApplyReport apply(Path delta, Path base, int threads, Progress progress, long stepBytes, Milestone milestone)
            throws IOException {
        long start = System.nanoTime();
        try (DeltaFile file = DeltaFile.open(delta);
                Checkpoint checkpoint = Checkpoint.openUnfinished(base);
                Workers workers = Workers.of(threads);
                InPlaceFiles files = new InPlaceFiles()) {
            Hash32 wanted = file.header().metadata().baseHash();
            checkFit(file, checkpoint);
            List<List<LayoutEntry>> steps = steps(file, checkpoint, stepBytes);
            List<List<Tensor>> tensors = steps.stream()
                    .map(step -> step.stream()
                            .map(entry -> checkpoint.tensor(entry.name()).orElseThrow())
                            .toList())
                    .toList();
            InPlaceJournal journal = new InPlaceJournal(checkpoint, wanted, file.fileHash());
            Optional<Integer> cutOff = journal.restore(tensors, files);
            if (cutOff.isEmpty()) {
                Hash32 found = WeightsHash.of(checkpoint, workers, progress);
                if (!found.equals(wanted)) {
                    throw new BaseMismatchException(delta, wanted, base, found);
                }
            }
            DeltaApplier applier = new DeltaApplier(file, checkpoint);
            long bytes = 0;
            for (int step = cutOff.orElse(0); step < steps.size(); step++) {
                journal.begin(step, tensors.get(step));
                milestone.reached(step, false);
                for (LayoutEntry entry : steps.get(step)) {
                    Tensor tensor = checkpoint.tensor(entry.name()).orElseThrow();
                    applier.change(entry, tensor, files.of(tensor), workers);
                    bytes += tensor.data().byteSize();
                    progress.advance(tensor.data().byteSize());
                }
                files.force();
                milestone.reached(step, true);
            }
            journal.end();
            return new ApplyReport(
                    wanted.hex(),
                    file.fileHash().hex(),
                    base.toString(),
                    checkpoint.tensors().size(),
                    file.layout().size(),
                    bytes,
                    (System.nanoTime() - start) / 1e9);
        }
    }

    private static void checkFit(DeltaFile file, Checkpoint checkpoint) {
        Optional<String> misfit = LayoutFit.misfit(file.header(), checkpoint);
        if (misfit.isPresent()) {
            throw new MalformedDeltaException(file.path(), misfit.get());
        }
        for (LayoutEntry entry : file.layout()) {
            if (entry instanceof LayoutEntry.Full full
                    && checkpoint
                            .tensor(full.name())
                            .filter(t -> t.dtype() == full.dtype() && t.shape().equals(full.shape()))
                            .isEmpty()) {
                throw new MalformedDeltaException(
                        file.path(), "tensor " + full.name() + " does not fit in the base's place");
            }
        }
        for (Path part : checkpoint.files()) {
            if (!Files.isWritable(part)) {
                throw new MalformedDeltaException(file.path(), "the base's file " + part + " is not writable");
            }
        }
    }

    private static List<List<LayoutEntry>> steps(DeltaFile file, Checkpoint checkpoint, long stepBytes) {
        List<List<LayoutEntry>> steps = new ArrayList<>();
        List<LayoutEntry> step = new ArrayList<>();
        long bytes = 0;
        for (LayoutEntry entry : file.layout()) {
            step.add(entry);
            bytes += checkpoint.tensor(entry.name()).orElseThrow().data().byteSize();
            if (bytes >= stepBytes) {
                steps.add(step);
                step = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!step.isEmpty()) {
            steps.add(step);
        }
        return steps;
    }
}
