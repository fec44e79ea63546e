package io.bitdelta.engine.bench;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.model.DeltaWeights;
import io.bitdelta.engine.model.KernelCausalLm;
import io.bitdelta.engine.model.KernelCausalLm.SignActivations;
import io.bitdelta.engine.model.KvCache;
import io.bitdelta.engine.model.ModelWeights;
import io.bitdelta.engine.model.TokenRow;
import io.bitdelta.engine.serve.DeltaCache;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.tensor.WeightsHash;
import io.bitdelta.engine.work.Workers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass on a checkpoint of a billion weights against what the memory gives. Everything is measured in turns in
 * one run and the best of the turns counts, so that a busy machine slows both sides of a ratio.
 */
public final class ModelBench implements AutoCloseable {
    private static final int USERS = 8;
    private static final int ROUNDS = 8;
    private static final int PREFILL = 128;
    private static final long CHUNK = 1 << 20;
    private static final double GIB = 1 << 30;

    private final Path folder;
    private final int threads;
    private final ModelWeights weights;
    private final Workers workers;
    private final Hash32 baseHash;
    private final AtomicLong consumed = new AtomicLong();
    private final List<BenchResult> results = new ArrayList<>();
    private final Set<ModelRow> rows;

    private ModelBench(Path folder, int layers, int threads, Set<ModelRow> rows) throws IOException {
        this.rows = rows;
        this.folder = folder;
        this.threads = threads;
        SyntheticModel.write(folder, layers, 1);
        this.weights = ModelWeights.open(folder);
        this.workers = Workers.of(threads);
        this.baseHash = WeightsHash.of(weights.checkpoint(), workers, Progress.NONE);
    }

    /**
     * Runs the rows that are over a synthetic checkpoint.
     *
     * @param folder an empty folder with room for 3.1 GiB at 18 layers
     * @param layers of the checkpoint; 18 make a billion weights
     * @param rows which; others are passed over
     */
    public static List<BenchResult> run(Path folder, int layers, int threads, Set<ModelRow> rows) throws IOException {
        if (rows.stream().noneMatch(ModelRow::synthetic)) {
            return List.of();
        }
        try (ModelBench bench = new ModelBench(folder, layers, threads, rows)) {
            bench.deltas();
            return bench.results;
        }
    }

    private void deltas() throws IOException {
        List<Hash32> hashes = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        int users = rows.stream().mapToInt(ModelRow::users).max().orElse(0);
        for (int user = 0; user < users; user++) {
            Path file = folder.resolve("user-" + user + ".bitdelta");
            SyntheticModel.writeDelta(file, weights.config(), baseHash, 100 + user);
            try (DeltaWeights opened = DeltaWeights.open(file, weights, baseHash)) {
                hashes.add(opened.fileHash());
            }
            files.add(file);
        }
        try (DeltaCache cache = new DeltaCache(weights, baseHash, USERS)) {
            List<DeltaCache.Lease> leases = new ArrayList<>();
            double first = Double.MAX_VALUE;
            for (int user = 0; user < users; user++) {
                long start = System.nanoTime();
                leases.add(cache.take(hashes.get(user), files.get(user)));
                first = Math.min(first, (System.nanoTime() - start) / 1e6);
            }
            decodeRows(leases);
            if (rows.contains(ModelRow.SWITCH)) {
                switchRow(cache, hashes, files, first);
            }
            if (rows.contains(ModelRow.FIRST_MAPPING)) {
                firstMappingRow(files.getFirst(), first);
            }
            if (rows.contains(ModelRow.PREFILL)) {
                prefillRow();
            }
            leases.forEach(DeltaCache.Lease::close);
        }
    }

    private void decodeRows(List<DeltaCache.Lease> leases) {
        KernelCausalLm exact = new KernelCausalLm(weights, null, workers);
        KernelCausalLm rounded = new KernelCausalLm(weights, null, workers, SignActivations.INT8);
        List<DeltaWeights> deltas = leases.stream().map(DeltaCache.Lease::delta).toList();
        double read = 0;
        double base = Double.MAX_VALUE;
        double withExact = Double.MAX_VALUE;
        double withRounded = Double.MAX_VALUE;
        double separate = Double.MAX_VALUE;
        double together = Double.MAX_VALUE;
        boolean eight = rows.contains(ModelRow.BATCH_8);
        boolean float32 = rows.contains(ModelRow.DECODE_DELTA_F32);
        boolean int8 = rows.contains(ModelRow.DECODE_DELTA_INT8);
        for (int round = 0; round < ROUNDS && (eight || float32 || int8 || rows.contains(ModelRow.DECODE)); round++) {
            read = Math.max(read, read());
            base = Math.min(base, decode(exact, null));
            if (float32) {
                withExact = Math.min(withExact, decode(exact, deltas.getFirst()));
            }
            if (int8) {
                withRounded = Math.min(withRounded, decode(rounded, deltas.getFirst()));
            }
            if (eight) {
                together = Math.min(together, batch(exact, deltas));
                double sum = 0;
                for (DeltaWeights delta : deltas) {
                    sum += decode(exact, delta);
                }
                separate = Math.min(separate, sum);
            }
        }
        if (rows.contains(ModelRow.DECODE)) {
            results.add(BenchResult.gib("decode", weights.checkpoint().bytes() / GIB / base, read));
        }
        if (float32) {
            overhead(ModelRow.DECODE_DELTA_F32, withExact, base);
        }
        if (int8) {
            overhead(ModelRow.DECODE_DELTA_INT8, withRounded, base);
        }
        if (eight) {
            results.add(
                    new BenchResult("batch-8", USERS / together, "tokens/s", USERS / separate, separate / together));
        }
    }

    private void overhead(ModelRow row, double seconds, double base) {
        results.add(new BenchResult(row.text(), seconds * 1e3, "ms/token", base * 1e3, seconds / base));
    }

    /** GiB per second of reading every weight once. */
    private double read() {
        long start = System.nanoTime();
        for (Tensor tensor : weights.checkpoint().tensors()) {
            MemorySegment data = tensor.data();
            workers.forEachLong((data.byteSize() + CHUNK - 1) / CHUNK, chunk -> consumed.addAndGet(sum(data, chunk)));
        }
        return weights.checkpoint().bytes() / GIB / ((System.nanoTime() - start) / 1e9);
    }

    private static long sum(MemorySegment data, long chunk) {
        long s0 = 0;
        long s1 = 0;
        long s2 = 0;
        long s3 = 0;
        long from = chunk * CHUNK;
        long words = (Math.min(CHUNK, data.byteSize() - from) / Long.BYTES) & -4;
        MemorySegment part = data.asSlice(from);
        for (long i = 0; i < words; i += 4) {
            s0 += part.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
            s1 += part.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8 + 8);
            s2 += part.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8 + 16);
            s3 += part.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8 + 24);
        }
        return s0 + s1 + s2 + s3;
    }

    /** Seconds of the first token of a text: attention, which is the same on all sides, costs nothing yet. */
    private double decode(KernelCausalLm model, @Nullable DeltaWeights delta) {
        try (KvCache cache = new KvCache(weights.config())) {
            long start = System.nanoTime();
            consume(model.step(List.of(new TokenRow(7, cache, delta)))[0]);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /** Seconds of one token for each of several users. */
    private double batch(KernelCausalLm model, List<DeltaWeights> deltas) {
        List<TokenRow> rows = new ArrayList<>();
        for (DeltaWeights delta : deltas) {
            KvCache cache = new KvCache(weights.config());
            rows.add(new TokenRow(7, cache, delta));
        }
        long start = System.nanoTime();
        consume(model.step(rows)[0]);
        double seconds = (System.nanoTime() - start) / 1e9;
        rows.forEach(row -> row.cache().close());
        return seconds;
    }

    private void consume(float[] logits) {
        consumed.addAndGet(Float.floatToRawIntBits(logits[0]));
    }

    /** Milliseconds from one verified user to another, against the first mapping, which is bound by its hash. */
    private void switchRow(DeltaCache cache, List<Hash32> hashes, List<Path> files, double first) throws IOException {
        double[] times = new double[90 * USERS];
        for (int i = 0; i < 100 * USERS; i++) {
            int user = i % USERS;
            long start = System.nanoTime();
            try (DeltaCache.Lease lease = cache.take(hashes.get(user), files.get(user))) {
                consumed.addAndGet(lease.delta().hashCode());
            }
            // The first rounds run before the compiler has seen this code.
            if (i >= 10 * USERS) {
                times[i - 10 * USERS] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(times);
        switches("switch-p50", times[times.length / 2], first);
        switches("switch", times[times.length * 99 / 100], first);
        switches("switch-worst", times[times.length - 1], first);
    }

    private void switches(String name, double milliseconds, double first) {
        results.add(new BenchResult(name, milliseconds, "ms", first, milliseconds / first));
    }

    /** The first use of a delta reads and hashes all of it: GiB per second, against SHA-256 of the mapped file alone. */
    private void firstMappingRow(Path file, double milliseconds) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long start = System.nanoTime();
            consumed.addAndGet(Sha256.of(bytes).hashCode());
            double hashing = (System.nanoTime() - start) / 1e9;
            double size = bytes.byteSize() / GIB;
            results.add(BenchResult.gib("first-mapping", size / (milliseconds / 1e3), size / hashing));
        }
    }

    private void prefillRow() {
        KernelCausalLm model = new KernelCausalLm(weights, null, workers);
        int[] tokens = new int[PREFILL];
        for (int i = 0; i < PREFILL; i++) {
            tokens[i] = i;
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            try (KvCache cache = new KvCache(weights.config())) {
                long start = System.nanoTime();
                consume(model.prefill(tokens, cache, null));
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        double baseline = PrefillBaseline.tokensPerSecond(weights.config(), PREFILL, threads);
        results.add(new BenchResult("prefill", PREFILL / best, "tokens/s", baseline, PREFILL / best / baseline));
    }

    @Override
    public void close() throws IOException {
        workers.close();
        weights.close();
        for (int user = 0; user < USERS; user++) {
            Files.deleteIfExists(folder.resolve("user-" + user + ".bitdelta"));
        }
    }
}
