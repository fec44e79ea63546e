package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import io.bitdelta.ipfs.unixfs.Links;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Guesses what a depth-first walk wants next and fetches it ahead, a few blocks at a time. For one walk on one thread;
 * memory is bounded by {@link #WINDOW} blocks and the links of one node per level.
 */
final class ReadAhead implements BlockSource, AutoCloseable {
    private static final int WINDOW = 8;

    private final BlockSource source;
    private final ExecutorService executor;
    private final ArrayDeque<Cid> upcoming = new ArrayDeque<>();
    private final Map<Cid, Future<Optional<Block>>> ahead = new HashMap<>();

    ReadAhead(BlockSource source, ExecutorService executor) {
        this.source = source;
        this.executor = executor;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        upcoming.removeFirstOccurrence(cid);
        Future<Optional<Block>> fetched = ahead.remove(cid);
        Optional<Block> block = fetched == null ? source.get(cid) : result(fetched);
        if (block.isPresent() && cid.codec() != Codec.RAW) {
            List<Cid> links = Links.of(block.get());
            links.reversed().forEach(upcoming::addFirst);
        }
        while (ahead.size() < WINDOW && !upcoming.isEmpty()) {
            Cid next = upcoming.removeFirst();
            if (!ahead.containsKey(next)) {
                ahead.put(next, executor.submit(() -> source.get(next)));
            }
        }
        return block;
    }

    private static Optional<Block> result(Future<Optional<Block>> fetched) throws IOException {
        try {
            return fetched.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while fetching");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException("fetching ahead failed", e.getCause());
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return source.has(cid);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public void close() {
        ahead.values().forEach(each -> each.cancel(true));
    }
}
