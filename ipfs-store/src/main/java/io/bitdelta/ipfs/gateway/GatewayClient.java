package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.disk.WholeFile;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.UnixFsReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Fetches content from trustless gateways and verifies every block. A gateway that fails or lies is passed over for the
 * next one; errors name the gateway and the identifier. Blocks are at most {@link Block#MAX_BYTES}.
 */
public final class GatewayClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BLOCK_TIMEOUT = Duration.ofSeconds(60);

    private final GatewayBlocks blocks;

    /** A client of these gateways, e.g. {@code http://127.0.0.1:8080}, with an HTTP client of its own. */
    public GatewayClient(List<URI> gateways) {
        this(gateways, HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build(), BLOCK_TIMEOUT);
    }

    /**
     * A client of these gateways.
     *
     * @param timeout for one block from one gateway
     */
    public GatewayClient(List<URI> gateways, HttpClient http, Duration timeout) {
        if (gateways.isEmpty()) {
            throw new IllegalArgumentException("no gateway to fetch from");
        }
        for (URI gateway : gateways) {
            if (!"http".equals(gateway.getScheme()) && !"https".equals(gateway.getScheme())) {
                throw new IllegalArgumentException("gateway '" + gateway + "' is not an http or https address");
            }
        }
        this.blocks = new GatewayBlocks(List.copyOf(gateways), http, timeout);
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
        return new UnixFsReader(blocks, DagLimits.DEFAULT.withMaxBytes(maxBytes)).copyTo(file, target);
    }

    /** Writes a file's bytes into {@code target}, whole or not at all, and returns how many there were. */
    public long fetch(Cid file, Path target, long maxBytes) throws IOException {
        long[] bytes = new long[1];
        WholeFile.write(target, out -> bytes[0] = copyTo(file, out, maxBytes));
        return bytes[0];
    }
}
