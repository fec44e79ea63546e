package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.disk.Folders;
import io.bitdelta.ipfs.disk.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks that a slower tier is still to get, as one empty file each, so that a crash forgets none. An entry goes when the
 * tier has acknowledged the block; doing it twice does no harm.
 */
public final class WriteQueue {
    private static final Logger LOG = LoggerFactory.getLogger(WriteQueue.class);

    private final Path folder;
    private final BlockSource primary;
    private final Blockstore target;
    private final TierListener listener;

    /** Opens or creates a queue in a folder of its own; blocks come from {@code primary} and go to {@code target}. */
    public WriteQueue(Path folder, BlockSource primary, Blockstore target, TierListener listener) throws IOException {
        this.folder = folder;
        this.primary = primary;
        this.target = target;
        this.listener = listener;
        Folders.create(folder);
    }

    /** Durable on return. */
    void add(Cid cid) throws IOException {
        WholeFile.write(folder.resolve(cid.toV1().toString()), out -> {});
    }

    /** Removes a block's entry and the target's copy; a target that cannot be reached keeps it. */
    void forget(Cid cid) throws IOException {
        Files.deleteIfExists(folder.resolve(cid.toV1().toString()));
        try {
            target.delete(cid);
        } catch (IOException e) {
            listener.failed(target.name());
            LOG.warn("{} did not forget {}: {}", target.name(), cid, e.getMessage());
        }
    }

    /** What waits. */
    public List<Cid> waiting() throws IOException {
        List<Cid> waiting = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                try {
                    waiting.add(Cid.parse(file.getFileName().toString()));
                } catch (InvalidCidException e) {
                    LOG.debug("{} is no entry of the queue", file);
                }
            }
        }
        return waiting;
    }

    /**
     * Copies what waits, once each, and goes on behind a failure. The owner calls this from time to time.
     *
     * @return how many blocks are left
     */
    public synchronized int drain() throws IOException {
        int left = 0;
        for (Cid cid : waiting()) {
            try {
                Optional<Block> block = primary.get(cid);
                if (block.isPresent()) {
                    target.put(block.get());
                    listener.copied(target.name());
                }
                Files.deleteIfExists(folder.resolve(cid.toString()));
            } catch (IOException e) {
                left++;
                listener.failed(target.name());
                LOG.warn("block {} has not reached {} yet: {}", cid, target.name(), e.getMessage());
            }
        }
        return left;
    }
}
