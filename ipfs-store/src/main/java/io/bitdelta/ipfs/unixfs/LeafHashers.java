package io.bitdelta.ipfs.unixfs;

import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one import. Each takes the next chunks, hashes them while the others do the same, waits until the chunks
 * before its own are in the tree, and adds them: no thread stands between the source and the hashing, and memory holds
 * one portion of chunks per thread.
 */
final class LeafHashers {
    private final ImportProfile profile;
    private final Hashing hashing;
    private final BalancedTree tree;
    private final InputStream source;
    private final Progress progress;

    private final ReentrantLock reading = new ReentrantLock();
    private long portionsRead;
    private boolean sourceEnded;

    private final ReentrantLock adding = new ReentrantLock();
    private final Condition turnOver = adding.newCondition();
    private long portionsAdded;
    private @Nullable Throwable failure;

    private record Portion(long number, List<byte[]> chunks) {}

    LeafHashers(ImportProfile profile, Hashing hashing, BalancedTree tree, InputStream source, Progress progress) {
        this.profile = profile;
        this.hashing = hashing;
        this.tree = tree;
        this.source = source;
        this.progress = progress;
    }

    /** Reads the source to its end; the tree then has all leaves, an empty one for an empty source. */
    void run() throws IOException {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < hashing.threads(); i++) {
            others.add(Thread.ofPlatform().name("chunk-hasher-" + i).daemon().start(this::work));
        }
        work();
        for (Thread each : others) {
            join(each);
        }
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException("a chunk was not hashed", e);
        }
    }

    /** Waits for a thread's end; an interrupt stops all of them after their current portions. */
    private void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                fail(new InterruptedIOException("interrupted while importing"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            for (Portion portion = read(); !portion.chunks.isEmpty(); portion = read()) {
                List<Block> leaves = profile.leaves(portion.chunks, hashing.sha256());
                if (!add(portion, leaves)) {
                    return;
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** The next chunks: no more than are hashed at once, and none behind the end. */
    private Portion read() throws IOException {
        reading.lock();
        try {
            List<byte[]> chunks = new ArrayList<>();
            while (!sourceEnded && chunks.size() < hashing.sha256().atOnce()) {
                byte[] chunk = source.readNBytes(profile.chunkBytes());
                sourceEnded = chunk.length < profile.chunkBytes();
                boolean first = portionsRead == 0 && chunks.isEmpty();
                if (chunk.length > 0 || first) {
                    chunks.add(chunk);
                }
            }
            return new Portion(portionsRead++, chunks);
        } finally {
            reading.unlock();
        }
    }

    /** Adds leaves when it is their turn; false if the import failed elsewhere. */
    private boolean add(Portion portion, List<Block> leaves) throws IOException {
        adding.lock();
        try {
            while (failure == null && portionsAdded != portion.number) {
                turnOver.awaitUninterruptibly();
            }
            if (failure != null) {
                return false;
            }
            for (int i = 0; i < leaves.size(); i++) {
                int bytes = portion.chunks.get(i).length;
                tree.add(leaves.get(i), bytes);
                progress.done(bytes);
            }
            portionsAdded++;
            turnOver.signalAll();
            return true;
        } finally {
            adding.unlock();
        }
    }

    private void fail(Throwable reason) {
        adding.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            turnOver.signalAll();
        } finally {
            adding.unlock();
        }
    }
}
