package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.cid.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Blocks behind a list of gateways, asked in order until one gives bytes that hash to the identifier. */
final class GatewayBlocks implements BlockSource {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayBlocks.class);

    private final List<URI> gateways;
    private final HttpClient http;
    private final Duration timeout;

    GatewayBlocks(List<URI> gateways, HttpClient http, Duration timeout) {
        this.gateways = gateways;
        this.http = http;
        this.timeout = timeout;
    }

    @Override
    public Optional<Block> get(Cid cid) throws IOException {
        if (cid.isIdentity()) {
            return Optional.of(new Block(cid, cid.digest()));
        }
        List<String> reasons = new ArrayList<>();
        boolean missingEverywhere = true;
        for (URI gateway : gateways) {
            try {
                Optional<Block> block = fetch(gateway, cid);
                if (block.isPresent()) {
                    return block;
                }
                reasons.add(gateway + " does not have it");
            } catch (HashMismatchException e) {
                missingEverywhere = false;
                LOG.warn("gateway {} lies: {}", gateway, e.getMessage());
                reasons.add(gateway + " lies: " + e.getMessage());
            } catch (IOException e) {
                missingEverywhere = false;
                reasons.add(gateway + " failed: "
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
            }
        }
        if (missingEverywhere) {
            return Optional.empty();
        }
        throw new GatewayException(cid, reasons);
    }

    private Optional<Block> fetch(URI gateway, Cid cid) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/ipfs/" + cid + "?format=raw"))
                .timeout(timeout)
                .header("Accept", ResponseFormat.RAW.mediaType())
                .GET()
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == 404 || response.statusCode() == 410) {
                    return Optional.empty();
                }
                if (response.statusCode() != 200) {
                    throw new IOException("status " + response.statusCode());
                }
                return Optional.of(new Block(cid, body.readNBytes(Block.MAX_BYTES + 1)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while fetching " + cid);
        }
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return get(cid).isPresent();
    }

    @Override
    public String name() {
        return gateways.toString();
    }
}
