package io.bitdelta.node.api;

import io.bitdelta.node.api.Operations.Handler;
import io.bitdelta.node.api.contract.Contract;
import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.api.contract.RouteTable;
import io.bitdelta.node.auth.Authenticator;
import io.bitdelta.node.auth.Credential;
import io.bitdelta.node.trace.Traced;
import io.bitdelta.node.trace.Traces;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The way of a request: find the operation, check parameters, answer from memory if that is possible; else, on a virtual
 * thread: who calls, whether they may, the body, the handler. What is not in the contract goes to {@code others}.
 */
final class Dispatcher implements Operations {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final Vertx vertx;
    private final Contract contract;
    private final Authenticator authenticator;
    private final Bodies bodies;
    private final ExecutorService threads;
    private final Semaphore inFlight;
    private final ServerSettings settings;
    private final Cors cors;
    private final RateLimits addresses;
    private final RateLimits principals;
    private final Lending lending;
    private final RequestIds ids;
    private final io.vertx.core.Handler<HttpServerRequest> others;
    private final Exchange.Answered answered;
    private final Traces traces;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Map<String, Bound> bound = new HashMap<>();

    private record Bound(@Nullable ReadyAnswer ready, Handler handler) {}

    Dispatcher(
            Vertx vertx,
            Contract contract,
            Authenticator authenticator,
            Lending lending,
            ExecutorService threads,
            ServerSettings settings,
            RequestIds ids,
            io.vertx.core.Handler<HttpServerRequest> others,
            Traces traces,
            Exchange.Answered answered) {
        this.traces = traces;
        this.vertx = vertx;
        this.contract = contract;
        this.authenticator = authenticator;
        this.lending = lending;
        this.bodies = new Bodies(settings.work(), settings.limits().bodyDeadline());
        this.threads = threads;
        this.settings = settings;
        this.inFlight = new Semaphore(settings.limits().inFlight());
        this.cors = new Cors(settings.corsOrigins());
        this.addresses = limits(settings.limits().perAddress());
        this.principals = limits(settings.limits().perPrincipal());
        this.ids = ids;
        this.others = others;
        this.answered = answered;
    }

    private static RateLimits limits(int perSecond) {
        return new RateLimits(perSecond, 2.0 * perSecond, System::nanoTime);
    }

    /** Forgets callers who have been quiet. */
    void sweep() {
        addresses.sweep();
        principals.sweep();
    }

    /** From now on new requests are refused, and event streams end. */
    void stop() {
        stopping.set(true);
    }

    /** Requests that are being worked on. */
    int working() {
        return settings.limits().inFlight() - inFlight.availablePermits();
    }

    @Override
    public void on(String operationId, Operations.Handler handler) {
        bind(operationId, new Bound(null, handler));
    }

    @Override
    public void on(String operationId, ReadyAnswer ready, Operations.Handler handler) {
        bind(operationId, new Bound(ready, handler));
    }

    private void bind(String operationId, Bound binding) {
        if (contract.endpoints().stream().noneMatch(each -> each.operationId().equals(operationId))) {
            throw new IllegalArgumentException("the contract has no operation " + operationId);
        }
        if (bound.put(operationId, binding) != null) {
            throw new IllegalArgumentException("the operation " + operationId + " is bound twice");
        }
    }

    /** Operations of the contract that nobody has bound. */
    List<String> unbound() {
        return contract.endpoints().stream()
                .map(Endpoint::operationId)
                .filter(id -> !bound.containsKey(id))
                .toList();
    }

    /** Takes a request; on its event loop. */
    void handle(HttpServerRequest request) {
        RouteTable.Found found = contract.routes().find(request.method().name(), request.path());
        String remote = Remote.address(request, settings.behindProxy());
        int wait = addresses.take(Remote.household(remote));
        if (found instanceof RouteTable.NoPath && wait == 0) {
            cors.headers(request).forEach(request.response()::putHeader);
            others.handle(request);
            return;
        }
        Traced traced = traces.request(request.method().name(), request.getHeader("traceparent"));
        Exchange exchange = new Exchange(
                request,
                vertx.getOrCreateContext(),
                traced.id().orElseGet(() -> ids.of(request.getHeader(RequestIds.HEADER))),
                remote,
                cors.headers(request),
                traced,
                answered);
        try {
            if (wait > 0) {
                throw tooMany(wait);
            }
            if (stopping.get()) {
                throw stopping();
            }
            switch (found) {
                case RouteTable.Match match -> serve(exchange, match);
                case RouteTable.OtherMethods other -> otherMethod(exchange, other);
                case RouteTable.NoPath none -> throw new IllegalStateException("handled above");
            }
        } catch (RuntimeException refused) {
            refuse(exchange, refused);
        }
    }

    private void otherMethod(Exchange exchange, RouteTable.OtherMethods other) {
        HttpServerRequest request = exchange.request();
        if (Cors.preflight(request)) {
            exchange.send(204, null, cors.preflightHeaders(request, other.allowed()), null);
            return;
        }
        String allowed = String.join(", ", other.allowed());
        throw Problem.of(405, "method-not-allowed", "%s takes %s".formatted(request.path(), allowed))
                .withHeader("Allow", allowed);
    }

    private static Problem stopping() {
        return Problem.unavailable("stopping", "the node is stopping", 5).withHeader("Connection", "close");
    }

    private static Problem tooMany(int seconds) {
        return Problem.of(429, "too-many-requests", "slow down: try again in %d s".formatted(seconds))
                .withHeader("Retry-After", Integer.toString(seconds));
    }

    private void serve(Exchange exchange, RouteTable.Match match) {
        HttpServerRequest request = exchange.request();
        Endpoint endpoint = match.endpoint();
        exchange.endpoint(endpoint);
        exchange.traced()
                .with("http.request.method", endpoint.method())
                .with("http.route", endpoint.template())
                .name(endpoint.method() + " " + endpoint.template());
        Bound binding = bound.get(endpoint.operationId());
        if (binding == null) {
            throw Problem.of(501, "not-offered", "this node does not offer " + endpoint.operationId());
        }
        Parameters parameters = Parameters.read(endpoint, match.values(), request.query(), request.headers());
        String accepted = MediaTypes.choose(request.getHeader("Accept"), endpoint.produces())
                .orElseThrow(() -> Problem.of(
                        406,
                        "not-acceptable",
                        "%s answers %s".formatted(endpoint.operationId(), String.join(", ", endpoint.produces()))));
        Bodies.precheck(exchange, endpoint);
        Optional<Credential> credential = credential(request);
        if (binding.ready() != null && credential.isEmpty()) {
            Optional<Reply> ready = binding.ready()
                    .find(new ContractCall(exchange, endpoint.operationId(), parameters, accepted, Bodies.Body.NONE));
            if (ready.isPresent()) {
                check(endpoint, ready.get());
                ReplyWriter.sendWhole(exchange, ready.get());
                return;
            }
        }
        if (credential.isEmpty()) {
            AccessRules.admit(endpoint, exchange.principal());
        }
        if (!inFlight.tryAcquire()) {
            throw Problem.unavailable("overloaded", "the node works on as many requests as it takes at once", 1);
        }
        request.pause();
        boolean started = false;
        try {
            threads.execute(() -> {
                try {
                    work(exchange, endpoint, binding, parameters, accepted, credential);
                } finally {
                    inFlight.release();
                }
            });
            started = true;
        } catch (RejectedExecutionException stopping) {
            throw stopping();
        } finally {
            if (!started) {
                inFlight.release();
            }
        }
    }

    private void work(
            Exchange exchange,
            Endpoint endpoint,
            Bound binding,
            Parameters parameters,
            String accepted,
            Optional<Credential> credential) {
        MDC.put("request", exchange.requestId());
        Traced.Part part = exchange.traced().enter();
        try {
            if (credential.isPresent()) {
                exchange.principal(authenticator.identify(credential.get()));
                int wait = principals.take(exchange.principal().id());
                if (wait > 0) {
                    throw tooMany(wait);
                }
                AccessRules.admit(endpoint, exchange.principal());
            }
            try (Bodies.Body body = bodies.read(exchange, endpoint)) {
                AccessRules.admitOwner(endpoint, exchange.principal(), parameters, body, lending);
                Reply reply = binding.handler()
                        .handle(new ContractCall(exchange, endpoint.operationId(), parameters, accepted, body));
                check(endpoint, reply);
                ReplyWriter.send(exchange, reply, stopping::get);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            ReplyWriter.refuse(exchange, stopping());
        } catch (IOException unwritten) {
            failed(exchange, unwritten);
        } catch (Exception refused) {
            refuse(exchange, refused);
        } finally {
            part.close();
            MDC.remove("request");
        }
    }

    /** An exception of the handler's own files or connections is a refusal; one of the client's connection is nobody's news. */
    private void failed(Exchange exchange, IOException failure) {
        if (exchange.request().response().headWritten()) {
            log.debug("{} broke off: {}", exchange.requestId(), failure.getMessage());
        } else {
            refuse(exchange, failure);
        }
    }

    private void refuse(Exchange exchange, Throwable thrown) {
        Endpoint endpoint = exchange.endpoint();
        Problem problem = Refusals.of(
                thrown, endpoint == null ? exchange.request().path() : endpoint.operationId(), exchange.requestId());
        if (settings.checkResponses() && endpoint != null) {
            try {
                ResponseCheck.check(endpoint, problem);
            } catch (ContractBrokenException broken) {
                problem = Refusals.of(broken, endpoint.operationId(), exchange.requestId());
            }
        }
        ReplyWriter.refuse(exchange, problem);
    }

    private void check(Endpoint endpoint, Reply reply) {
        if (settings.checkResponses()) {
            ResponseCheck.check(endpoint, reply);
        }
    }

    private static Optional<Credential> credential(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        String key = request.getHeader("X-API-Key");
        if (authorization != null && key != null) {
            throw Problem.invalid("header", "/Authorization", "stands beside X-API-Key: send one credential");
        }
        if (key != null) {
            return Optional.of(new Credential.ApiKey(key.strip()));
        }
        if (authorization == null) {
            return Optional.empty();
        }
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw Refusals.unauthenticated("Authorization: only the scheme Bearer is known here");
        }
        return Optional.of(new Credential.Bearer(authorization.substring(7).strip()));
    }
}
