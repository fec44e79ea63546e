package io.bitdelta.attestation.collateral;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.pki.PkiException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A collateral service or an OCSP responder over HTTP with a cache on disk. A kept answer is used without a question while it is valid and was
 * fetched or confirmed within a day; later it is asked for again with its entity tag. When the service does not answer, a
 * kept one is handed out with a complaint, also when it is no longer valid: the verifier judges dates. Redirections are not
 * followed. Thread-safe.
 */
public final class HttpCollateral implements CollateralSource, AutoCloseable {
    /** After which a kept answer is asked for again: vendors may publish before the next update that they announced. */
    private static final Duration MAX_AGE = Duration.ofDays(1);

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final URI address;
    private final URI base;
    private final Optional<CollateralCache> cache;
    private final Clock clock;
    private final Duration timeLimit;
    private final HttpClient client;

    /**
     * A service.
     *
     * @param base its address, e.g. of a provisioning certificate caching service; http or https. Questions to an OCSP
     *     responder are posted to this very address, other paths are resolved below it
     * @param folder where answers are kept; none are without it
     * @param timeLimit of one request from connecting to the last byte
     * @throws IllegalArgumentException when the address is none of a service
     */
    public HttpCollateral(URI base, Optional<Path> folder, Clock clock, Duration timeLimit) {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "\"" + base + "\" is no address of a collateral service: http(s)://host[:port][/path] is needed");
        }
        this.address = base;
        String text = base.toString();
        this.base = URI.create(text.endsWith("/") ? text : text + "/");
        this.cache = folder.map(path -> new CollateralCache(path, this.base.toString()));
        this.clock = clock;
        this.timeLimit = timeLimit;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeLimit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public Collected collect(List<CollateralRequest> requests) throws InterruptedException {
        List<byte[]> documents = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        for (CollateralRequest request : requests) {
            answer(request, complaints).ifPresent(answer -> documents.addAll(answer.documents()));
        }
        return new Collected(documents, complaints);
    }

    private Optional<CollateralAnswer> answer(CollateralRequest request, List<String> complaints)
            throws InterruptedException {
        Optional<CollateralAnswer> kept = kept(request, complaints);
        Instant now = clock.instant();
        if (kept.isPresent() && fresh(kept.get(), now)) {
            return kept;
        }
        try {
            CollateralAnswer answer = fetch(request, kept, now);
            keep(request, answer, complaints);
            return Optional.of(answer);
        } catch (IOException | PkiException e) {
            complaints.add(target(request) + ": " + e.getMessage()
                    + (kept.isPresent() ? "; using the answer of " + kept.get().fetched() : ""));
            return kept;
        }
    }

    private static boolean fresh(CollateralAnswer kept, Instant now) {
        // An answer from the future was kept under a wrong clock.
        return !now.isBefore(kept.fetched()) && now.isBefore(kept.fetched().plus(MAX_AGE)) && now.isBefore(kept.end());
    }

    private Optional<CollateralAnswer> kept(CollateralRequest request, List<String> complaints) {
        try {
            return cache.isPresent() ? cache.get().find(request) : Optional.empty();
        } catch (IOException e) {
            complaints.add("the kept answer of " + request.path() + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void keep(CollateralRequest request, CollateralAnswer answer, List<String> complaints) {
        try {
            if (cache.isPresent()) {
                cache.get().keep(request, answer);
            }
        } catch (IOException e) {
            complaints.add("the answer of " + request.path() + " cannot be kept: " + e.getMessage());
        }
    }

    private CollateralAnswer fetch(CollateralRequest request, Optional<CollateralAnswer> kept, Instant now)
            throws IOException, InterruptedException {
        HttpRequest.Builder question = HttpRequest.newBuilder(target(request));
        if (request.kind() == CollateralRequest.Kind.REVOCATION_STATUS) {
            byte[] body = Base64.getUrlDecoder().decode(request.path());
            question.header("Content-Type", "application/ocsp-request").POST(BodyPublishers.ofByteArray(body));
        }
        kept.flatMap(CollateralAnswer::etag).ifPresent(tag -> question.header("If-None-Match", tag));
        HttpResponse<byte[]> response = send(question.build());
        if (response.statusCode() == NOT_MODIFIED && kept.isPresent()) {
            return kept.get().confirmed(now);
        }
        if (response.statusCode() != OK) {
            throw new IOException("the service answers " + response.statusCode());
        }
        String chain = request.chainHeader()
                .flatMap(name -> response.headers().firstValue(name))
                .orElse("");
        String etag = response.headers().firstValue("ETag").orElse("");
        return CollateralAnswer.of(request, response.body(), chain, etag, now);
    }

    private URI target(CollateralRequest request) {
        return request.kind() == CollateralRequest.Kind.REVOCATION_STATUS ? address : base.resolve(request.path());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), CollateralAnswer.MAX_BYTES));
        try {
            return answer.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + timeLimit, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String said = cause instanceof ConnectException
                    ? "the service cannot be reached"
                    : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(said, cause);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
