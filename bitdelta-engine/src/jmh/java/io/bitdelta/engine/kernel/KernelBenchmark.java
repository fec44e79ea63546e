package io.bitdelta.engine.kernel;

import io.bitdelta.engine.tensor.Dtype;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loops over 1 MiB of each side, which stays in the cache: what the instructions cost. {@code bench codec} measures
 * them over memory. One operation is 2^19 elements of bf16.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    private static final int BYTES = 1 << 20;
    private static final int RUN = WeightKernels.BLOCK;

    /** Which kernels. */
    @Param({"vector", "scalar"})
    private String kernels;

    private Arena arena;
    private WeightKernels loops;
    private KeccakKernel keccak;
    private MemorySegment base;
    private MemorySegment finetuned;
    private MemorySegment signs;
    private MemorySegment lanes;
    private MemorySegment squares;
    private MemorySegment tile;
    private byte[] chunks;
    private byte[] hashes;

    @Setup
    public void fill() {
        arena = Arena.ofConfined();
        boolean scalar = kernels.equals("scalar");
        loops = scalar ? new ScalarKernels() : KernelProvider.kernels();
        keccak = scalar ? new ScalarKeccak() : KernelProvider.keccak();
        base = arena.allocate(BYTES, 64);
        finetuned = arena.allocate(BYTES, 64);
        signs = arena.allocate(BYTES / 16, 64);
        lanes = arena.allocate(64, 64);
        squares = arena.allocate(64, 64);
        tile = arena.allocate(RUN * 4L, 64);
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < BYTES / 2; i++) {
            short weight = (short) (Float.floatToRawIntBits((float) random.nextDouble(-0.05, 0.05)) >>> 16);
            base.setAtIndex(ValueLayout.JAVA_SHORT, i, weight);
            finetuned.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (weight + random.nextInt(-2, 3)));
        }
        chunks = new byte[1024 * keccak.lanes()];
        random.nextBytes(chunks);
        hashes = new byte[32 * keccak.lanes()];
    }

    @TearDown
    public void free() {
        arena.close();
    }

    @Benchmark
    public float compress() {
        for (long at = 0; at < BYTES; at += 2L * RUN) {
            loops.compress(Dtype.BF16, base, at, finetuned, at, RUN, signs, at / 16, lanes, squares);
        }
        float sum = lanes.get(ValueLayout.JAVA_FLOAT, 0);
        lanes.fill((byte) 0);
        squares.fill((byte) 0);
        return sum;
    }

    @Benchmark
    public MemorySegment apply() {
        for (long at = 0; at < BYTES; at += 2L * RUN) {
            loops.apply(Dtype.BF16, base, at, RUN, signs, at / 16, 0.001f, finetuned, at);
        }
        return finetuned;
    }

    @Benchmark
    public MemorySegment residualPass() {
        for (long at = 0; at < BYTES; at += 2L * RUN) {
            loops.delta(Dtype.BF16, base, at, Dtype.BF16, finetuned, at, RUN, tile);
            loops.residual(tile, 0, RUN, 0.001f);
            loops.signs(tile, RUN, signs, at / 16);
        }
        return signs;
    }

    /** Leaves of a commitment: as many chunks of 1024 bytes as the kernel has lanes. */
    @Benchmark
    public byte[] leafHashes() {
        keccak.hash(chunks, 1024, 1024, hashes);
        return hashes;
    }
}
