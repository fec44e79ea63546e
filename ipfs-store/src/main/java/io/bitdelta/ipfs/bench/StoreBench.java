package io.bitdelta.ipfs.bench;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Sha256Batch;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Import (durable, with one and two threads that hash) and verified read, as ratios to SHA-256 of the same file on one
 * thread. The disk's writing speed stands beside, because a durable import cannot be faster. A gateway read by a crowd is
 * compared with the same gateway read by one.
 */
public final class StoreBench {
    private static final int ROUNDS = 3;
    private static final int CHUNK = 1 << 20;

    private StoreBench() {}

    /**
     * Measures in an empty folder with a file of {@code bytes} bytes; takes about three times as much disk.
     *
     * @param sha256 what imports hash with
     */
    public static List<StoreBenchResult> run(Path folder, long bytes, Sha256Batch sha256) throws IOException {
        Path file = folder.resolve("content");
        write(file, bytes);
        double sha = best(bytes, () -> hash(file));
        List<StoreBenchResult> results = new ArrayList<>();
        results.add(row("disk-write-synced", best(bytes, () -> copySynced(file, folder.resolve("copy"))), sha));
        for (int threads = 1; threads <= 2; threads++) {
            Hashing hashing = new Hashing(threads, sha256);
            double speed = 0;
            for (int i = 0; i < ROUNDS; i++) {
                remove(folder.resolve("store"));
                speed = Math.max(speed, timed(bytes, () -> add(folder.resolve("store"), file, hashing)));
            }
            results.add(row(threads == 1 ? "import" : "import-2t", speed, sha));
        }
        ContentStore store = ContentStore.open(folder.resolve("store"));
        Cid root = store.pins().all().getFirst().cid();
        results.add(row("read-verified", best(bytes, () -> store.cat(root, OutputStream.nullOutputStream())), sha));
        results.add(GatewayBench.run(store, root, bytes));
        return results;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static StoreBenchResult row(String name, double value, double baseline) {
        return new StoreBenchResult(name, value, "GiB/s", baseline, value / baseline);
    }

    /** The best of a few rounds, in GiB/s. */
    private static double best(long bytes, Work work) throws IOException {
        double best = 0;
        for (int i = 0; i < ROUNDS; i++) {
            best = Math.max(best, timed(bytes, work));
        }
        return best;
    }

    private static double timed(long bytes, Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return bytes / (double) (1 << 30) / ((System.nanoTime() - start) / 1e9);
    }

    private static void add(Path folder, Path file, Hashing hashing) throws IOException {
        ContentStore.open(folder)
                .addFile(file, "bench", Visibility.PUBLIC, ImportProfile.UNIXFS_V1_2025, hashing, Progress.NONE);
    }

    private static void write(Path file, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= CHUNK) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(CHUNK, left));
            }
        }
    }

    private static void hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
                digest.update(chunk);
            }
            if (digest.digest().length != Cid.DIGEST_BYTES) {
                throw new IllegalStateException("not SHA-256");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void copySynced(Path file, Path copy) throws IOException {
        Files.deleteIfExists(copy);
        try (InputStream in = Files.newInputStream(file);
                java.io.FileOutputStream out = new java.io.FileOutputStream(copy.toFile())) {
            in.transferTo(out);
            out.getFD().sync();
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
