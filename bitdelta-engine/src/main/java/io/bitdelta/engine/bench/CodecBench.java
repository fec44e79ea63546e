package io.bitdelta.engine.bench;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import io.bitdelta.engine.codec.DeltaVerifier;
import io.bitdelta.engine.commit.Sha256;
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
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The codec's speed. Kernels run over native memory several times the size of the last-level cache; each figure is the
 * best of several rounds in which kernel and baseline take turns, so that a disturbance hits both. Commands run over a
 * synthetic pair in the page cache and are held against SHA-256 of the same bytes on one thread.
 */
public final class CodecBench {
    private static final double GIB = 1L << 30;
    private static final int ROUNDS = 7;
    private static final int RUN = WeightKernels.BLOCK;
    private static final long CHUNK = 1L << 20;

    private final WeightKernels kernels = KernelProvider.kernels();
    private final List<BenchResult> results = new ArrayList<>();
    private final AtomicLong consumed = new AtomicLong();

    private CodecBench() {}

    /**
     * Runs all rows.
     *
     * @param folder for the synthetic pair; about {@code 2.1 * commandBytes} of space
     * @param kernelBytes memory of each side of the kernel rows
     * @param commandBytes size of each checkpoint of the command rows
     */
    public static List<BenchResult> run(Path folder, long kernelBytes, long commandBytes) throws IOException {
        CodecBench bench = new CodecBench();
        bench.results.add(LargeHeader.measure(folder));
        bench.kernelRows(kernelBytes);
        bench.commandRows(folder, commandBytes);
        return List.copyOf(bench.results);
    }

    private void kernelRows(long bytes) {
        try (Arena arena = Arena.ofShared();
                Workers one = Workers.of(1);
                Workers two = Workers.of(2)) {
            MemorySegment base = arena.allocate(bytes, 64);
            MemorySegment finetuned = arena.allocate(bytes, 64);
            MemorySegment signs = arena.allocate(bytes / 16, 64);
            SyntheticPair.fill(base, finetuned, new SplittableRandom(1));
            Pass read = chunk -> consumed.addAndGet(sum(base, chunk) + sum(finetuned, chunk));
            Pass compress = chunk -> compress(base, finetuned, signs, chunk);
            double[] best = turns(one, bytes, 2 * bytes, read, compress);
            results.add(BenchResult.gib("compress-kernel", best[1], best[0]));
            best = turns(two, bytes, 2 * bytes, read, compress);
            results.add(BenchResult.gib("compress-kernel-2t", best[1], best[0]));
            Pass copy = chunk -> MemorySegment.copy(base, chunk * CHUNK, finetuned, chunk * CHUNK, CHUNK);
            Pass apply = chunk -> apply(base, signs, finetuned, chunk);
            best = turns(one, bytes, 2 * bytes, copy, apply);
            results.add(BenchResult.gib("apply-kernel", best[1], best[0]));
        }
    }

    /** Works on one chunk of 1 MiB of each side. */
    @FunctionalInterface
    private interface Pass {
        void run(long chunk);
    }

    private static double[] turns(Workers workers, long bytes, long counted, Pass... passes) {
        double[] best = new double[passes.length];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < passes.length; i++) {
                Pass pass = passes[i];
                long start = System.nanoTime();
                workers.forEachLong(bytes / CHUNK, pass::run);
                double seconds = (System.nanoTime() - start) / 1e9;
                best[i] = Math.max(best[i], counted / GIB / seconds);
            }
        }
        return best;
    }

    private static long sum(MemorySegment segment, long chunk) {
        long s0 = 0;
        long s1 = 0;
        long s2 = 0;
        long s3 = 0;
        long end = (chunk + 1) * CHUNK / Long.BYTES;
        for (long i = chunk * CHUNK / Long.BYTES; i < end; i += 4) {
            s0 += segment.getAtIndex(ValueLayout.JAVA_LONG, i);
            s1 += segment.getAtIndex(ValueLayout.JAVA_LONG, i + 1);
            s2 += segment.getAtIndex(ValueLayout.JAVA_LONG, i + 2);
            s3 += segment.getAtIndex(ValueLayout.JAVA_LONG, i + 3);
        }
        return s0 + s1 + s2 + s3;
    }

    private void compress(MemorySegment base, MemorySegment finetuned, MemorySegment signs, long chunk) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment lanes = arena.allocate(WeightKernels.LANES * Float.BYTES, 64);
            MemorySegment squares = arena.allocate(WeightKernels.LANES * Float.BYTES, 64);
            for (long at = chunk * CHUNK; at < (chunk + 1) * CHUNK; at += 2L * RUN) {
                kernels.compress(Dtype.BF16, base, at, finetuned, at, RUN, signs, at / 16, lanes, squares);
            }
            consumed.addAndGet(lanes.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private void apply(MemorySegment base, MemorySegment signs, MemorySegment target, long chunk) {
        for (long at = chunk * CHUNK; at < (chunk + 1) * CHUNK; at += 2L * RUN) {
            kernels.apply(Dtype.BF16, base, at, RUN, signs, at / 16, 0.001f, target, at);
        }
    }

    private void commandRows(Path folder, long bytes) throws IOException {
        SyntheticPair.write(folder, bytes, 1);
        Path base = folder.resolve("base.safetensors");
        Path finetuned = folder.resolve("finetuned.safetensors");
        Path delta = folder.resolve("delta.safetensors");
        CompressOptions options = CompressOptions.defaults();
        double sha = 0;
        double[] command = new double[2];
        double verify = 0;
        for (int round = 0; round < 3; round++) {
            sha = Math.max(sha, sha(base, finetuned));
            for (int threads = 1; threads <= 2; threads++) {
                double seconds = DeltaCompressor.compress(
                                base, finetuned, delta, options.withThreads(threads), Progress.NONE)
                        .seconds();
                command[threads - 1] = Math.max(command[threads - 1], gib(base, finetuned) / seconds);
            }
            long start = System.nanoTime();
            if (!DeltaVerifier.verify(delta, Optional.of(base), Optional.of(finetuned), 1, Progress.NONE)
                    .ok()) {
                throw new IllegalStateException("the bench's own delta does not verify");
            }
            verify = Math.max(verify, gib(base, finetuned) / ((System.nanoTime() - start) / 1e9));
        }
        results.add(BenchResult.gib("compress-command", command[0], sha));
        results.add(BenchResult.gib("compress-command-2t", command[1], sha));
        results.add(BenchResult.gib("verify-command", verify, sha));
    }

    private static double gib(Path base, Path finetuned) throws IOException {
        try (Checkpoint from = Checkpoint.open(base);
                Checkpoint to = Checkpoint.open(finetuned)) {
            return (from.bytes() + to.bytes()) / GIB;
        }
    }

    private double sha(Path base, Path finetuned) throws IOException {
        long start = System.nanoTime();
        for (Path path : List.of(base, finetuned)) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                for (Tensor tensor : checkpoint.tensors()) {
                    consumed.addAndGet(Sha256.of(tensor.data()).hashCode());
                }
            }
        }
        return gib(base, finetuned) / ((System.nanoTime() - start) / 1e9);
    }
}
