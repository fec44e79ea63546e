package io.bitdelta.ipfs.tier;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockBatch;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caches before a primary before backups. Reads ask in that order and fill the caches; writes are acknowledged by the
 * primary, then cached, then queued for the backups. A cache or backup that fails or lies costs time, never
 * correctness; a primary that lies is overruled by a backup that has the block.
 */
public final class TieredBlockstore implements Blockstore {
    private static final Logger LOG = LoggerFactory.getLogger(TieredBlockstore.class);

    private final List<Blockstore> caches;
    private final Blockstore primary;
    private final List<BlockSource> backups;
    private final List<WriteQueue> queues;
    private final TierListener listener;

    /**
     * Composes tiers.
     *
     * @param caches asked first, in order
     * @param primary acknowledges writes
     * @param backups asked last, in order; read only
     * @param queues bring writes to those backups that are to have every block
     */
    public TieredBlockstore(
            List<Blockstore> caches,
            Blockstore primary,
            List<? extends BlockSource> backups,
            List<WriteQueue> queues,
            TierListener listener) {
        this.caches = List.copyOf(caches);
        this.primary = primary;
        this.backups = List.copyOf(backups);
        this.queues = List.copyOf(queues);
        this.listener = listener;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        List<Blockstore> passed = new ArrayList<>();
        for (Blockstore cache : caches) {
            Optional<Block> block = attempt(cache, cid, null);
            if (block.isPresent()) {
                fill(passed, block.get());
                return block;
            }
            passed.add(cache);
        }
        IOException[] failure = new IOException[1];
        Optional<Block> block = attempt(primary, cid, failure);
        for (int i = 0; block.isEmpty() && i < backups.size(); i++) {
            block = attempt(backups.get(i), cid, null);
        }
        if (block.isPresent()) {
            fill(passed, block.get());
            return block;
        }
        if (failure[0] != null) {
            throw failure[0];
        }
        return Optional.empty();
    }

    /** Asks one tier; its failure is counted, and kept where the caller wants it. */
    private Optional<Block> attempt(BlockSource tier, Cid cid, IOException @Nullable [] failure) {
        long start = System.nanoTime();
        try {
            Optional<Block> block = tier.get(cid);
            long nanos = System.nanoTime() - start;
            if (block.isPresent()) {
                listener.hit(tier.name(), block.get().size(), nanos);
            } else {
                listener.miss(tier.name(), nanos);
            }
            return block;
        } catch (CorruptBlockException e) {
            LOG.error("{} lies and is passed over: {}", tier.name(), e.getMessage());
            listener.lied(tier.name(), cid);
            keep(failure, e);
        } catch (IOException e) {
            LOG.warn("{} failed and is passed over: {}", tier.name(), e.getMessage());
            listener.failed(tier.name());
            keep(failure, e);
        }
        return Optional.empty();
    }

    private static void keep(IOException @Nullable [] failure, IOException e) {
        if (failure != null) {
            failure[0] = e;
        }
    }

    private void fill(List<Blockstore> tiers, Block block) {
        for (Blockstore cache : tiers) {
            try {
                cache.put(block);
            } catch (IOException e) {
                listener.failed(cache.name());
                LOG.warn("{} did not take {}: {}", cache.name(), block.cid(), e.getMessage());
            }
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        if (primary.has(cid)) {
            return true;
        }
        for (BlockSource backup : backups) {
            try {
                if (backup.has(cid)) {
                    return true;
                }
            } catch (IOException e) {
                listener.failed(backup.name());
                LOG.warn("{} failed and is passed over: {}", backup.name(), e.getMessage());
            }
        }
        return false;
    }

    @Override
    public void put(Block block) throws IOException {
        // Queued first: a crash in between leaves an entry for a block that may be missing, which draining passes over.
        for (WriteQueue queue : queues) {
            queue.add(block.cid());
        }
        primary.put(block);
        listener.stored(primary.name(), block.size());
        fill(caches, block);
    }

    /** Writes to the primary and queues for the backups; a bulk import does not push everything else out of the caches. */
    @Override
    public BlockBatch batch() throws IOException {
        BlockBatch writing = primary.batch();
        return new BlockBatch() {
            @Override
            public void put(Block block) throws IOException {
                for (WriteQueue queue : queues) {
                    queue.add(block.cid());
                }
                writing.put(block);
                listener.stored(primary.name(), block.size());
            }

            @Override
            public void commit() throws IOException {
                writing.commit();
            }

            @Override
            public void close() throws IOException {
                writing.close();
            }
        };
    }

    /** Forgets a block at the primary and, as far as they can be reached, everywhere else. */
    @Override
    public OptionalLong delete(Cid cid) throws IOException {
        OptionalLong bytes = primary.delete(cid);
        for (Blockstore cache : caches) {
            try {
                cache.delete(cid);
            } catch (IOException e) {
                listener.failed(cache.name());
                LOG.warn("{} did not forget {}: {}", cache.name(), cid, e.getMessage());
            }
        }
        for (WriteQueue queue : queues) {
            queue.forget(cid);
        }
        return bytes;
    }

    @Override
    public Stream<Cid> cids() throws IOException {
        return primary.cids();
    }

    @Override
    public long storedBytes() throws IOException {
        return primary.storedBytes();
    }

    @Override
    public String name() {
        return "tiers of " + primary.name();
    }
}
