package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Asks one gateway for one block and verifies the answer.
 *
 * @param http the client
 * @param executor its threads may block
 * @param timeout for one block
 */
record BlockFetch(HttpClient http, ExecutorService executor, Duration timeout) {

    /** Empty if the gateway says that it does not have the block. */
    Optional<Block> fetch(URI gateway, Cid cid) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/ipfs/" + cid + "?format=raw"))
                .timeout(timeout)
                .header("Accept", ResponseFormat.RAW.mediaType())
                .GET()
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case 200 -> Optional.of(new Block(cid, body.readNBytes(Block.MAX_BYTES + 1)));
                    case 404, 410 -> Optional.empty();
                    default -> throw new IOException("status " + response.statusCode());
                };
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while fetching " + cid);
        }
    }
}
