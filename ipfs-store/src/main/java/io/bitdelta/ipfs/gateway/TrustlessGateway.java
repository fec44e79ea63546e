package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.car.CarSelection;
import io.bitdelta.ipfs.car.CarWriter;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.PathNotFoundException;
import io.bitdelta.ipfs.unixfs.PathResolver;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves blocks and archives over HTTP to clients that verify them: {@code GET} and
 * {@code HEAD /ipfs/{cid}[/path]?format=raw|car}, with {@code dag-scope}, {@code entity-bytes}, {@code car-dups} and byte
 * ranges of raw blocks. Paths lead through UnixFS folders, sharded ones too, and DAG-CBOR documents. What is not in its
 * source does not exist for it. Requests are read on virtual threads, never on the event loop. Each answer holds a block in
 * memory while its client reads, so at most {@value #AT_ONCE} are given at a time; others wait, and are refused with 503 if
 * none ends within ten seconds.
 *
 * <p>Not served: deserialised content, IPNS, archives of version 2, orders other than depth-first.
 */
public final class TrustlessGateway {
    private static final Logger LOG = LoggerFactory.getLogger(TrustlessGateway.class);
    private static final String IMMUTABLE = "public, max-age=29030400, immutable";
    private static final int AT_ONCE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final BlockSource source;
    private final Executor executor;
    private final Semaphore places;
    private final Duration patience;

    /** Serves {@code source}, which decides what is public, on a virtual thread per request. */
    public TrustlessGateway(BlockSource source) {
        this(source, Executors.newVirtualThreadPerTaskExecutor());
    }

    /** As {@link #TrustlessGateway(BlockSource)}; the executor's threads may block. */
    public TrustlessGateway(BlockSource source, Executor executor) {
        this(source, executor, AT_ONCE, PATIENCE);
    }

    /** Gives so many answers at once; a request waits for its turn for so long. */
    TrustlessGateway(BlockSource source, Executor executor, int atOnce, Duration patience) {
        this.source = source;
        this.executor = executor;
        this.places = new Semaphore(atOnce, true);
        this.patience = patience;
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
        String path = context.request().path();
        try {
            takePlace();
            try {
                answer(context.request());
            } finally {
                places.release();
            }
        } catch (Refusal e) {
            refuse(context, e.status(), e);
        } catch (BlockNotFoundException | PathNotFoundException e) {
            refuse(context, cachedOnly(context.request()) ? 412 : 404, e);
        } catch (ResponseStream.ClientGoneException e) {
            LOG.debug("{}: {}", path, e.getMessage());
            refuse(context, 500, e);
        } catch (IOException e) {
            LOG.error("cannot serve {}: {}", path, e.getMessage());
            refuse(context, 500, e);
        } catch (RuntimeException e) {
            LOG.error("cannot serve {}", path, e);
            refuse(context, 500, new IOException("internal error"));
        }
    }

    private void takePlace() throws Refusal {
        boolean taken;
        try {
            taken = places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            taken = false;
        }
        if (!taken) {
            throw new Refusal(503, "too many requests are being answered; try again later");
        }
    }

    private void answer(HttpServerRequest http) throws Refusal, IOException {
        GatewayRequest request = GatewayRequest.parse(http);
        PathResolver.Resolution path = new PathResolver(source).resolve(request.root(), request.segments());
        HttpServerResponse response = http.response();
        String roots = path.roots().stream().map(Cid::toString).collect(Collectors.joining(","));
        response.putHeader(HttpHeaders.CACHE_CONTROL, IMMUTABLE)
                .putHeader("X-Ipfs-Path", encoded(request.path()))
                .putHeader("X-Ipfs-Roots", roots)
                .putHeader("X-Content-Type-Options", "nosniff");
        if (request.format() == ResponseFormat.RAW) {
            raw(http, response, path.target());
        } else {
            car(http, response, request, path);
        }
    }

    private void raw(HttpServerRequest http, HttpServerResponse response, Cid cid) throws Refusal, IOException {
        Block block = source.require(cid);
        if (isKnown(http, response, "\"" + cid + ".raw\"")) {
            return;
        }
        ByteRange range = ByteRange.parse(http.getHeader("Range"), block.size());
        if (range != null) {
            response.setStatusCode(206)
                    .putHeader("Content-Range", "bytes " + range.from() + "-" + range.to() + "/" + block.size());
        }
        int from = range == null ? 0 : (int) range.from();
        int length = range == null ? block.size() : (int) range.length();
        response.putHeader(HttpHeaders.CONTENT_TYPE, ResponseFormat.RAW.mediaType())
                .putHeader("Content-Disposition", disposition(http, cid + ".bin"))
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length));
        if (HttpMethod.HEAD.equals(http.method())) {
            response.end();
            return;
        }
        try (ResponseStream body = new ResponseStream(response)) {
            body.write(block.data(), from, length);
        }
    }

    private void car(
            HttpServerRequest http, HttpServerResponse response, GatewayRequest request, PathResolver.Resolution path)
            throws IOException {
        // Whether the target is here decides between 404 and 200; blocks further down can only break the stream.
        source.require(path.target());
        CarSelection selection = request.selection();
        String what = request.path() + " " + selection;
        String etag = "W/\"" + path.target() + ".car."
                + Cid.ofRaw(what.getBytes(StandardCharsets.UTF_8)).toString().substring(40) + "\"";
        if (isKnown(http, response, etag)) {
            return;
        }
        response.putHeader(
                        HttpHeaders.CONTENT_TYPE,
                        ResponseFormat.CAR.mediaType() + "; version=1; order=dfs; dups="
                                + (selection.repeat() ? "y" : "n"))
                .putHeader("Content-Disposition", disposition(http, path.target() + ".car"))
                .putHeader(HttpHeaders.ACCEPT_RANGES, "none");
        if (HttpMethod.HEAD.equals(http.method())) {
            response.end();
            return;
        }
        response.setChunked(true);
        ResponseStream body = new ResponseStream(response);
        CarWriter archive = new CarWriter(body, List.of(path.target()));
        selection.walk(source, path, archive::write);
        body.close();
    }

    private static boolean cachedOnly(HttpServerRequest request) {
        return String.valueOf(request.getHeader(HttpHeaders.CACHE_CONTROL)).contains("only-if-cached");
    }

    /** Sets the tag, and answers 304 if the client has this already. */
    private static boolean isKnown(HttpServerRequest request, HttpServerResponse response, String etag) {
        response.putHeader(HttpHeaders.ETAG, etag);
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        for (String each : (known == null ? "" : known).split(",", -1)) {
            String tag = each.strip();
            if (tag.equals("*") || bare(tag).equals(bare(etag))) {
                response.setStatusCode(304).end();
                return true;
            }
        }
        return false;
    }

    private static String bare(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    private static String disposition(HttpServerRequest request, String otherwise) {
        String wanted = request.getParam("filename");
        String name = wanted == null ? otherwise : wanted.replaceAll("[^A-Za-z0-9._ -]", "_");
        return "attachment; filename=\"" + name + "\"";
    }

    /** Header values are ASCII. */
    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 127 && b != '%') {
                text.append((char) b);
            } else {
                text.append("%%%02X".formatted(b & 0xff));
            }
        }
        return text.toString();
    }

    private static void refuse(RoutingContext context, int status, Exception reason) {
        HttpServerResponse response = context.response();
        if (response.headWritten()) {
            // The only way to say that a stream is not whole is to break it.
            response.reset();
            return;
        }
        @Nullable String message = reason.getMessage();
        response.headers().clear();
        if (status == 503) {
            response.putHeader("Retry-After", "10");
        }
        response.setChunked(false)
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(message + "\n");
    }
}
