package io.bitdelta.engine.commit;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.kernel.Sha256Kernel;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * SHA-256 of many segments. Where the machine has wide vectors and no instruction for SHA-256, a thread hashes as many
 * segments at a time as its vectors have lanes; a lane that is done takes the next segment, the largest first. A segment
 * that alone outweighs the others is hashed by the platform, which is faster on a single message, and so is everything
 * when there is too little of it to pay for compiling the kernel. The hashes do not depend on any of this.
 */
public final class ParallelSha256 {
    /** Below this many bytes the vector kernel would spend longer warming up than it saves. */
    private static final long WORTH_WARMING = 512L << 20;
    /** One message in a lane is this many times slower than the platform's function; more lanes than that win. */
    private static final long LANES_TO_WIN = 4;

    private final List<MemorySegment> messages;
    private final Hash32[] hashes;
    private final Progress progress;

    private ParallelSha256(List<MemorySegment> messages, Progress progress) {
        this.messages = messages;
        this.hashes = new Hash32[messages.size()];
        this.progress = progress;
    }

    /**
     * Hashes every segment.
     *
     * @param progress receives the bytes of each finished segment
     * @return the hashes, in the order of the segments
     */
    public static List<Hash32> of(List<MemorySegment> messages, Workers workers, Progress progress) {
        long total = messages.stream().mapToLong(MemorySegment::byteSize).sum();
        Optional<Supplier<Sha256Kernel>> kernel = KernelProvider.sha256();
        return kernel.isPresent() && total >= WORTH_WARMING
                ? with(kernel.get(), messages, workers, progress)
                : one(messages, workers, progress);
    }

    private static List<Hash32> one(List<MemorySegment> messages, Workers workers, Progress progress) {
        ParallelSha256 job = new ParallelSha256(messages, progress);
        workers.forEach(messages.size(), job::single);
        return List.of(job.hashes);
    }

    /** As {@link #of} with this kernel, whatever the amount. */
    static List<Hash32> with(
            Supplier<Sha256Kernel> kernel, List<MemorySegment> messages, Workers workers, Progress progress) {
        ParallelSha256 job = new ParallelSha256(messages, progress);
        List<Integer> bySize =
                new ArrayList<>(IntStream.range(0, messages.size()).boxed().toList());
        bySize.sort(Comparator.comparingLong(i -> -messages.get(i).byteSize()));
        long left = messages.stream().mapToLong(MemorySegment::byteSize).sum();
        int giants = 0;
        while (giants < bySize.size()) {
            long size = messages.get(bySize.get(giants)).byteSize();
            if (size * LANES_TO_WIN <= left) {
                break;
            }
            left -= size;
            giants++;
        }
        List<Integer> alone = bySize.subList(0, giants);
        List<Integer> together = bySize.subList(giants, bySize.size());
        AtomicInteger next = new AtomicInteger();
        int teams = together.isEmpty() ? 0 : workers.threads();
        int share = teams == 0 ? 0 : (together.size() + teams - 1) / teams;
        workers.forEach(alone.size() + teams, task -> {
            if (task < alone.size()) {
                job.single(alone.get(task));
            } else {
                job.lanes(kernel.get(), together, next, share);
            }
        });
        return List.of(job.hashes);
    }

    private void single(int index) {
        hashes[index] = Sha256.of(messages.get(index));
        progress.advance(messages.get(index).byteSize());
    }

    /** One thread's lanes: all work on a stretch as long as the shortest of them still needs. */
    private void lanes(Sha256Kernel kernel, List<Integer> queue, AtomicInteger next, int most) {
        int lanes = kernel.lanes();
        int[] state = new int[Sha256Kernel.WORDS * lanes];
        byte[][] data = new byte[lanes][Sha256Lane.STEP];
        Sha256Lane[] busy = new Sha256Lane[lanes];
        int usable = Math.min(lanes, most);
        while (true) {
            long blocks = Sha256Lane.STEP / Sha256Kernel.BLOCK;
            boolean any = false;
            for (int lane = 0; lane < usable; lane++) {
                if (busy[lane] == null) {
                    int taken = next.getAndIncrement();
                    if (taken < queue.size()) {
                        int message = queue.get(taken);
                        busy[lane] = new Sha256Lane(message, messages.get(message));
                        Sha256Lane.start(state, lane, lanes);
                    }
                }
                Sha256Lane current = busy[lane];
                if (current != null) {
                    blocks = Math.min(blocks, current.blocksLeft());
                    any = true;
                }
            }
            if (!any) {
                return;
            }
            for (int lane = 0; lane < usable; lane++) {
                Sha256Lane current = busy[lane];
                if (current != null) {
                    current.read(data[lane], (int) blocks);
                }
            }
            kernel.compress(state, data, (int) blocks);
            for (int lane = 0; lane < usable; lane++) {
                Sha256Lane current = busy[lane];
                if (current != null && current.blocksLeft() == 0) {
                    hashes[current.message()] = Sha256Lane.finish(state, lane, lanes);
                    progress.advance(messages.get(current.message()).byteSize());
                    busy[lane] = null;
                }
            }
        }
    }
}
