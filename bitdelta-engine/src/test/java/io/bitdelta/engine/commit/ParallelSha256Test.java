package io.bitdelta.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.Sha256Kernel;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** However segments are spread over lanes and threads, each has the hash that the platform gives it. */
class ParallelSha256Test {
    private static final Supplier<Sha256Kernel> KERNEL = KernelProvider.vectorSha256();

    private static void check(List<byte[]> contents, int threads) {
        List<MemorySegment> segments =
                contents.stream().map(MemorySegment::ofArray).toList();
        AtomicLong seen = new AtomicLong();
        List<Hash32> hashes;
        try (Workers workers = Workers.of(threads)) {
            hashes = ParallelSha256.with(KERNEL, segments, workers, seen::addAndGet);
        }
        assertThat(hashes)
                .isEqualTo(contents.stream().map(ParallelSha256Test::platform).toList());
        assertThat(seen.get())
                .isEqualTo(contents.stream().mapToLong(c -> c.length).sum());
    }

    private static Hash32 platform(byte[] bytes) {
        try {
            return Hash32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Property(tries = 60)
    void anySizesOnAnyThreads(
            @ForAll @Size(max = 50) List<@IntRange(max = 9000) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 3) int threads,
            @ForAll @LongRange long seed) {
        Random random = new Random(seed);
        List<byte[]> contents = new ArrayList<>();
        for (int size : sizes) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            contents.add(bytes);
        }
        check(contents, threads);
    }

    @Test
    void everyLengthAroundABlockAndAStep() {
        List<byte[]> contents = new ArrayList<>();
        for (int size = 0; size < 200; size++) {
            contents.add(new byte[size]);
        }
        for (int size = Sha256Lane.STEP - 70; size < Sha256Lane.STEP + 70; size++) {
            contents.add(new byte[size]);
        }
        check(contents, 1);
        check(contents, 2);
    }

    @Test
    void aGiantAmongDwarfs() {
        List<byte[]> contents = new ArrayList<>(List.of(new byte[3], new byte[1 << 20], new byte[70]));
        check(contents, 1);
        check(contents, 3);
    }
}
