package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.disk.WholeFile;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * Fetches content from trustless gateways and verifies every block. Gateways race: the fastest known one is asked first,
 * a slow one is overtaken by the next, and one that lied is not asked again. Blocks a walk will want are fetched ahead.
 * Errors name the gateway and the identifier. Blocks are at most {@link Block#MAX_BYTES}. Thread-safe.
 */
public final class GatewayClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BLOCK_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration HEDGE = Duration.ofMillis(700);

    private final GatewayBlocks blocks;
    private final BlockFetch fetch;

    /** A client of these gateways, e.g. {@code http://127.0.0.1:8080}, with an HTTP client of its own. */
    public GatewayClient(List<URI> gateways) {
        this(gateways, HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build(), BLOCK_TIMEOUT, HEDGE);
    }

    /**
     * A client of these gateways.
     *
     * @param timeout for one block from one gateway
     * @param hedge how long one gateway may take before the next is asked too
     */
    public GatewayClient(List<URI> gateways, HttpClient http, Duration timeout, Duration hedge) {
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("no gateway to fetch from");
        }
        for (URI gateway : gateways) {
            if (!"http".equals(gateway.getScheme()) && !"https".equals(gateway.getScheme())) {
                throw new IllegalArgumentException("gateway '" + gateway + "' is not an http or https address");
            }
        }
        this.fetch = new BlockFetch(http, Executors.newVirtualThreadPerTaskExecutor(), timeout);
        this.blocks = new GatewayBlocks(List.copyOf(gateways), fetch, hedge);
    }

    /** The blocks behind the gateways. */
    public BlockSource blocks() {
        return blocks;
    }

    /** Fetches one block. */
    public Block block(Cid cid) throws IOException {
        return blocks.require(cid);
    }

    /**
     * Writes a file's bytes and returns how many there were.
     *
     * @param maxBytes the most bytes the file may have
     */
    public long copyTo(Cid file, OutputStream target, long maxBytes) throws IOException {
        try (ReadAhead ahead = new ReadAhead(blocks, fetch.executor())) {
            return new UnixFsReader(ahead, DagLimits.DEFAULT.withMaxBytes(maxBytes)).copyTo(file, target);
        }
    }

    /** Writes a file's bytes into {@code target}, whole or not at all, and returns how many there were. */
    public long fetch(Cid file, Path target, long maxBytes) throws IOException {
        long[] bytes = new long[1];
        WholeFile.write(target, out -> bytes[0] = copyTo(file, out, maxBytes));
        return bytes[0];
    }

    /**
     * Brings everything under a root into a store. What is there already is not fetched, so a pull that was cut off is
     * resumed by pulling again.
     *
     * @return how many blocks were fetched
     */
    public long pull(Cid root, Blockstore target, DagLimits limits) throws IOException {
        try (ReadAhead ahead = new ReadAhead(new Missing(target, blocks), fetch.executor())) {
            Pull pull = new Pull(target, ahead);
            Set<Cid> all = new DagWalk(pull, limits).closure(root);
            for (Cid cid : all) {
                pull.require(cid);
            }
            return pull.fetched;
        }
    }

    /** Reads from the store what is there and from the gateways what is not. */
    private record Missing(Blockstore store, BlockSource remote) implements BlockSource {
        @Override
        public Optional<Block> get(Cid cid) throws IOException {
            return store.has(cid) ? store.get(cid) : remote.get(cid);
        }

        @Override
        public boolean has(Cid cid) throws IOException {
            return store.has(cid) || remote.has(cid);
        }

        @Override
        public String name() {
            return remote.name();
        }
    }

    /** Keeps what it reads. */
    private static final class Pull implements BlockSource {
        private final Blockstore store;
        private final BlockSource remote;
        private long fetched;

        private Pull(Blockstore store, BlockSource remote) {
            this.store = store;
            this.remote = remote;
        }

        @Override
        public Optional<Block> get(Cid cid) throws IOException {
            boolean here = store.has(cid);
            Optional<Block> block = remote.get(cid);
            if (!here && block.isPresent()) {
                store.put(block.get());
                fetched++;
            }
            return block;
        }

        @Override
        public boolean has(Cid cid) throws IOException {
            return remote.has(cid);
        }

        @Override
        public String name() {
            return remote.name();
        }
    }
}
