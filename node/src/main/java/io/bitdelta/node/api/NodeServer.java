package io.bitdelta.node.api;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.gateway.TrustlessGateway;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The node's HTTP side.
 *
 * <ul>
 *   <li>{@code GET /ipfs/{cid}}: trustless gateway over public content; anyone.
 *   <li>{@code GET /health/live}: the process runs; anyone.
 *   <li>{@code GET /health/ready}: the chain answers; anyone.
 * </ul>
 */
public final class NodeServer implements AutoCloseable {
    private final Vertx vertx;
    private final HttpServer server;

    private NodeServer(Vertx vertx, HttpServer server) {
        this.vertx = vertx;
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param port 0 takes a free one
     * @throws PortBusyException when the port is taken
     */
    public static NodeServer start(ContentStore content, ChainClient chain, String host, int port) {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.get("/health/live").handler(context -> context.json(new JsonObject().put("status", "live")));
        router.get("/health/ready")
                .handler(context -> vertx.executeBlocking(chain::chainId)
                        .onSuccess(id -> context.json(
                                new JsonObject().put("status", "ready").put("chainId", id)))
                        .onFailure(
                                down -> problem(context, 503, "chain-unreachable", String.valueOf(down.getMessage()))));
        new TrustlessGateway(content.published()).addTo(router);
        router.route()
                .last()
                .handler(context -> problem(
                        context,
                        404,
                        "not-found",
                        "no such resource: " + context.request().path()));
        Future<HttpServer> listening = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(false))
                .requestHandler(router)
                .listen(port, host);
        try {
            return new NodeServer(
                    vertx,
                    listening
                            .toCompletionStage()
                            .toCompletableFuture()
                            .orTimeout(20, TimeUnit.SECONDS)
                            .join());
        } catch (CompletionException failed) {
            vertx.close();
            if (failed.getCause() instanceof BindException) {
                throw new PortBusyException(host, port);
            }
            throw new ChainException("the HTTP server did not start: " + failed.getCause(), failed);
        }
    }

    private static void problem(io.vertx.ext.web.RoutingContext context, int status, String type, String detail) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("type", "urn:bitdelta:problem:" + type)
                        .put("title", type.replace('-', ' '))
                        .put("status", status)
                        .put("detail", detail)
                        .encode());
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
