package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves blocks over HTTP to clients that verify them: {@code GET} and {@code HEAD /ipfs/{cid}?format=raw}. What is not in
 * its source does not exist for it. Requests are read on virtual threads, never on the event loop.
 */
public final class TrustlessGateway {
    private static final Logger LOG = LoggerFactory.getLogger(TrustlessGateway.class);
    private static final String IMMUTABLE = "public, max-age=29030400, immutable";

    private final BlockSource source;
    private final Executor executor;

    /** Serves {@code source}, which decides what is public, on a virtual thread per request. */
    public TrustlessGateway(BlockSource source) {
        this(source, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** As {@link #TrustlessGateway(BlockSource)}; the executor's threads may block. */
    public TrustlessGateway(BlockSource source, Executor executor) {
        this.source = source;
        this.executor = executor;
    }

    /** A router that serves {@code /ipfs/...} alone. */
    public Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        addTo(router);
        return router;
    }

    /** Adds the routes under {@code /ipfs/} to a router. */
    public void addTo(Router router) {
        router.route("/ipfs/*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> executor.execute(() -> serve(context)));
    }

    private void serve(RoutingContext context) {
        try {
            answer(context);
        } catch (Refusal e) {
            refuse(context, e.status(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.error("cannot serve {}: {}", context.request().path(), e.getMessage());
            refuse(context, 500, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("cannot serve {}", context.request().path(), e);
            refuse(context, 500, "internal error");
        }
    }

    private void answer(RoutingContext context) throws Refusal, IOException {
        String path = context.request().path();
        String[] segments = path.substring(path.indexOf("/ipfs/") + 6).split("/", -1);
        Cid cid = cid(segments[0]);
        ResponseFormat format = ResponseFormat.choose(
                context.request().getParam("format"), context.request().getHeader(HttpHeaders.ACCEPT));
        if (segments.length > 1 && !(segments.length == 2 && segments[1].isEmpty())) {
            throw new Refusal(501, "paths are not resolved by this gateway");
        }
        if (format == ResponseFormat.CAR) {
            throw new Refusal(501, "CARs are not served by this gateway");
        }
        raw(context, cid);
    }

    private static Cid cid(String text) throws Refusal {
        try {
            return Cid.parse(text);
        } catch (InvalidCidException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private void raw(RoutingContext context, Cid cid) throws Refusal, IOException {
        boolean cachedOnly = String.valueOf(context.request().getHeader(HttpHeaders.CACHE_CONTROL))
                .contains("only-if-cached");
        Optional<Block> found = source.get(cid);
        if (found.isEmpty()) {
            throw new Refusal(cachedOnly ? 412 : 404, "block " + cid + " is not here");
        }
        Block block = found.get();
        String etag = "\"" + cid + ".raw\"";
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.ETAG, etag)
                .putHeader(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .putHeader("X-Ipfs-Path", "/ipfs/" + cid)
                .putHeader("X-Ipfs-Roots", cid.toString())
                .putHeader("X-Content-Type-Options", "nosniff");
        if (isKnown(context.request().getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
            response.setStatusCode(304).end();
            return;
        }
        ByteRange range = ByteRange.parse(context.request().getHeader("Range"), block.size());
        Buffer body = Buffer.buffer(block.data());
        if (range != null) {
            response.setStatusCode(206)
                    .putHeader("Content-Range", "bytes " + range.from() + "-" + range.to() + "/" + block.size());
            body = body.slice((int) range.from(), (int) range.to() + 1);
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, ResponseFormat.RAW.mediaType())
                .putHeader("Content-Disposition", "attachment; filename=\"" + cid + ".bin\"")
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        if (HttpMethod.HEAD.equals(context.request().method())) {
            response.end();
        } else {
            response.end(body);
        }
    }

    private static boolean isKnown(@Nullable String ifNoneMatch, String etag) {
        for (String each : (ifNoneMatch == null ? "" : ifNoneMatch).split(",", -1)) {
            String tag = each.strip();
            if (tag.equals("*") || (tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    private static void refuse(RoutingContext context, int status, String message) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            context.request().connection().close();
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(message + "\n");
    }
}
