package io.bitdelta.engine.bench;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.codec.CompressOptions;
import io.bitdelta.engine.codec.DeltaCompressor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory a compression takes that is not a view of a file: the kernel's peak of resident pages (VmHWM) less the
 * file-backed ones (RssFile), which it can drop at any time. Says the truth in a fresh process only, because a peak is
 * never taken back; Linux only.
 */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double ALLOWED_MIB = 400;
    private static final double KIB_PER_MIB = 1024;

    private ResidentMemory() {}

    /**
     * Compresses a synthetic pair and measures this process.
     *
     * @param folder for the pair and its delta; about {@code 2.1 * bytesEach} of space
     * @param bytesEach size of each checkpoint
     * @throws IOException if the kernel does not tell, or the folder cannot be written
     */
    public static BenchResult measure(Path folder, long bytesEach, int threads) throws IOException {
        SyntheticPair.write(folder, bytesEach, 1);
        AtomicLong files = new AtomicLong();
        Progress watch = bytes -> {
            try {
                files.accumulateAndGet(kib("RssFile:"), Math::max);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        DeltaCompressor.compress(
                folder.resolve("base.safetensors"),
                folder.resolve("finetuned.safetensors"),
                folder.resolve("delta.safetensors"),
                CompressOptions.defaults().withThreads(threads),
                watch);
        double mib = (kib("VmHWM:") - files.get()) / KIB_PER_MIB;
        return new BenchResult("compress-memory", mib, "MiB", ALLOWED_MIB, mib / ALLOWED_MIB);
    }

    private static long kib(String key) throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no line " + key));
    }
}
