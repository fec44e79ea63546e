package io.bitdelta.node.api;

import io.bitdelta.ipfs.block.BlockSource;
import io.bitdelta.ipfs.gateway.TrustlessGateway;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.auth.Authenticator;
import io.bitdelta.node.metrics.NodeMeters;
import io.bitdelta.node.trace.Traces;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's HTTP side: the operations of the contract, and the trustless gateway under {@code /ipfs}.
 *
 * <p>Requests are read and routed on event loops, which never block; handlers run on virtual threads.
 */
public final class NodeServer implements AutoCloseable {

    private static final int START_SECONDS = 20;
    private static final long SWEEP_MS = 10_000;
    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);

    private final Vertx vertx;
    private final ExecutorService threads;
    private final Queue<HttpServer> listening;
    private final Duration patience;
    private final int port;
    private final Dispatcher dispatcher;

    private NodeServer(
            Vertx vertx,
            ExecutorService threads,
            Dispatcher dispatcher,
            Queue<HttpServer> listening,
            Duration patience,
            int port) {
        this.vertx = vertx;
        this.threads = threads;
        this.dispatcher = dispatcher;
        this.listening = listening;
        this.patience = patience;
        this.port = port;
    }

    /**
     * What the server is made of.
     *
     * @param contract the operations
     * @param areas bind them; one that nobody binds answers 501
     * @param authenticator finds out who calls
     * @param lending knows whom owners let act for them
     * @param published what the gateway serves
     * @param meters count requests
     * @param traces follow requests
     */
    public record Parts(
            Contract contract,
            List<ApiArea> areas,
            Authenticator authenticator,
            Lending lending,
            BlockSource published,
            NodeMeters meters,
            Traces traces) {
        /** Without traces. */
        public Parts(
                Contract contract,
                List<ApiArea> areas,
                Authenticator authenticator,
                Lending lending,
                BlockSource published,
                NodeMeters meters) {
            this(contract, areas, authenticator, lending, published, meters, Traces.OFF);
        }

        /** Copies the areas. */
        public Parts {
            areas = List.copyOf(areas);
        }
    }

    /**
     * Starts listening.
     *
     * @throws PortBusyException when the port is taken
     * @throws ServerFailedException when it cannot listen for another reason, such as unreadable TLS files
     */
    public static NodeServer start(ServerSettings settings, Parts parts) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("request-", 0).factory());
        try {
            settings.tls().ifPresent(TlsMaterial::check);
            RequestIds ids = new RequestIds(new SecureRandom());
            Dispatcher dispatcher = new Dispatcher(
                    vertx,
                    parts.contract(),
                    parts.authenticator(),
                    parts.lending(),
                    threads,
                    settings,
                    ids,
                    gateway(vertx, parts.published(), ids),
                    parts.traces(),
                    (exchange, status, nanos) -> {
                        exchange.traced().with("http.response.status_code", status);
                        if (status >= 500) {
                            exchange.traced().failed("" + status);
                        }
                        exchange.traced().end();
                        Endpoint endpoint = exchange.endpoint();
                        parts.meters().answered(endpoint == null ? "none" : endpoint.operationId(), status, nanos);
                    });
            parts.areas().forEach(area -> area.bind(dispatcher));
            Gauge.builder("http.server.working", dispatcher, Dispatcher::working)
                    .description("Requests that are being worked on.")
                    .register(parts.meters().registry());
            Queue<HttpServer> listening = new ConcurrentLinkedQueue<>();
            int port = listen(vertx, settings, dispatcher, listening);
            vertx.setPeriodic(SWEEP_MS, now -> dispatcher.sweep());
            return new NodeServer(
                    vertx, threads, dispatcher, listening, settings.limits().stop(), port);
        } catch (RuntimeException failed) {
            vertx.close();
            threads.shutdownNow();
            throw failed;
        }
    }

    private static int listen(
            Vertx vertx, ServerSettings settings, Dispatcher dispatcher, Queue<HttpServer> listening) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                // A negative port is a free one that all event loops share.
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false)
                // There are no web sockets here; their handlers would look at every answer.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout((int) settings.limits().idle().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        settings.tls().ifPresent(tls -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(TlsFiles.options(tls)));
        int loops = Math.min(4, Runtime.getRuntime().availableProcessors());
        try {
            vertx.deployVerticle(
                            () -> new Listener(options, settings, dispatcher, listening),
                            new DeploymentOptions().setInstances(loops))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                    .join();
            return listening.element().actualPort();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof BindException) {
                throw new PortBusyException(settings.host(), settings.port());
            }
            throw new ServerFailedException("the HTTP server did not start: " + failed.getCause(), failed);
        }
    }

    /** One event loop's server; Vert.x lets them share the port. */
    private static final class Listener extends AbstractVerticle {
        private final HttpServerOptions options;
        private final ServerSettings settings;
        private final Dispatcher dispatcher;
        private final Queue<HttpServer> listening;

        Listener(
                HttpServerOptions options,
                ServerSettings settings,
                Dispatcher dispatcher,
                Queue<HttpServer> listening) {
            this.options = options;
            this.settings = settings;
            this.dispatcher = dispatcher;
            this.listening = listening;
        }

        @Override
        public void start(Promise<Void> started) {
            SlowConnections slow =
                    new SlowConnections(settings.limits().headers().toNanos(), System::nanoTime);
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(slow::opened)
                    .requestHandler(request -> {
                        HttpConnection connection = request.connection();
                        slow.began(connection);
                        request.response().endHandler(sent -> slow.ended(connection));
                        dispatcher.handle(request);
                    });
            vertx.setPeriodic(1000, now -> slow.sweep());
            settings.tls().ifPresent(tls -> new TlsFiles(tls, server).watch(vertx));
            server.listen().onSuccess(listening::add).<Void>mapEmpty().onComplete(started);
        }
    }

    private static Router gateway(Vertx vertx, BlockSource published, RequestIds ids) {
        Router router = new TrustlessGateway(published).router(vertx);
        router.route().last().handler(context -> noResource(context.request(), ids));
        router.errorHandler(500, context -> noResource(context.request(), ids));
        return router;
    }

    private static void noResource(HttpServerRequest request, RequestIds ids) {
        String id = ids.of(request.getHeader(RequestIds.HEADER));
        Problem problem = Problem.notFound("no such resource; GET /api/openapi.json says which there are");
        request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(RequestIds.HEADER, id)
                .end(Buffer.buffer(Json.write(problem.document(id))));
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Operations of the contract that no area has bound. */
    public List<String> unbound() {
        return dispatcher.unbound();
    }

    /** Stops accepting, ends event streams with an event that says so, lets running requests end for a while, then ends them. */
    @Override
    public void close() {
        dispatcher.stop();
        try {
            Future.join(listening.stream()
                            .map(server -> server.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS))
                            .toList())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(patience.toSeconds() + 1, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException late) {
            log.warn("requests were cut off after {} s: {}", patience.toSeconds(), String.valueOf(late.getCause()));
        }
        threads.shutdownNow();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
