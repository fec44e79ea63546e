package io.bitdelta.node.api;

import io.bitdelta.node.api.contract.BodyRule;
import io.bitdelta.node.api.contract.Endpoint;
import io.bitdelta.node.api.contract.SchemaRule;
import io.bitdelta.node.api.contract.Violation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the bodies of requests: bounded in bytes and in time, into memory when it is JSON, into files when it is a form. */
final class Bodies {
    private static final Logger log = LoggerFactory.getLogger(Bodies.class);

    private static final long LAST_WORDS_MS = 500;
    private static final long LAST_WRITES_MS = 5_000;

    private final Path work;
    private final Duration deadline;

    /**
     * @param work where uploads go
     * @param deadline for a JSON body to be there whole, and for a form between two pieces
     */
    Bodies(Path work, Duration deadline) {
        this.work = work;
        this.deadline = deadline;
    }

    /**
     * What came.
     *
     * @param json the body, or null when there is none
     * @param fields text fields of a form
     * @param uploads files of a form
     */
    record Body(@Nullable JsonNode json, Map<String, String> fields, Map<String, Upload> uploads)
            implements AutoCloseable {
        static final Body NONE = new Body(null, Map.of(), Map.of());

        @Override
        public void close() {
            for (Upload upload : uploads.values()) {
                try {
                    Files.deleteIfExists(upload.file());
                } catch (IOException stays) {
                    log.warn("the upload {} stays until the next start: {}", upload.file(), stays.getMessage());
                }
            }
        }
    }

    /** Refuses what the headers alone condemn; on the event loop, before anything is read. */
    static void precheck(Exchange exchange, Endpoint endpoint) {
        BodyRule rule = endpoint.body().orElse(null);
        if (!exchange.announcesBody()) {
            if (rule != null && rule.required()) {
                throw Problem.invalid("body", "", "is required");
            }
            return;
        }
        if (rule == null) {
            throw Problem.of(400, "malformed-body", "this operation takes no body");
        }
        String type = exchange.request().getHeader("Content-Type");
        if (type == null || !rule.types().containsKey(MediaTypes.essence(type))) {
            throw Problem.of(
                            415,
                            "unsupported-media-type",
                            "Content-Type %s: this operation takes %s"
                                    .formatted(
                                            type == null ? "is missing" : MediaTypes.essence(type),
                                            String.join(", ", rule.types().keySet())))
                    .withHeader("Accept-Post", String.join(", ", rule.types().keySet()));
        }
        if (exchange.announcedLength() > rule.maxBytes()) {
            throw tooLarge(rule.maxBytes());
        }
    }

    /**
     * Reads and checks a body; blocks, on a virtual thread.
     *
     * @throws Problem 400, 408 or 413
     */
    Body read(Exchange exchange, Endpoint endpoint) throws InterruptedException, ExecutionException {
        BodyRule rule = endpoint.body().orElse(null);
        if (rule == null || !exchange.announcesBody()) {
            return Body.NONE;
        }
        exchange.bodyRead();
        String type = MediaTypes.essence(String.valueOf(exchange.request().getHeader("Content-Type")));
        Body body = type.equals(BodyRule.MULTIPART)
                ? exchange.onLoop(() -> form(exchange, rule)).get()
                : json(exchange.onLoop(() -> bytes(exchange, rule)).get());
        try {
            check(rule.types().get(type), body);
            return body;
        } catch (RuntimeException refused) {
            body.close();
            throw refused;
        }
    }

    private static Body json(Buffer bytes) {
        return new Body(Json.read(bytes.getBytes()), Map.of(), Map.of());
    }

    private static void check(@Nullable SchemaRule rule, Body body) {
        if (rule == null) {
            return;
        }
        JsonNode tree = body.json() == null ? formTree(body) : body.json();
        List<Problem.FieldError> errors = new ArrayList<>();
        for (Violation violation : rule.check(tree)) {
            errors.add(new Problem.FieldError("body", violation.pointer(), violation.detail()));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    /** A form as an object: fields are strings, files the names they came with. */
    private static JsonNode formTree(Body body) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        body.fields().forEach(tree::put);
        body.uploads().forEach((name, upload) -> tree.put(name, upload.fileName()));
        return tree;
    }

    private Future<Buffer> bytes(Exchange exchange, BodyRule rule) {
        HttpServerRequest request = exchange.request();
        Vertx vertx = exchange.context().owner();
        Promise<Buffer> whole = Promise.promise();
        Buffer collected = Buffer.buffer();
        long timer = vertx.setTimer(deadline.toMillis(), late -> whole.tryFail(slow()));
        request.handler(piece -> {
            if (collected.length() + piece.length() > rule.maxBytes()) {
                whole.tryFail(tooLarge(rule.maxBytes()));
                request.handler(ignored -> {});
            } else {
                collected.appendBuffer(piece);
            }
        });
        request.endHandler(end -> whole.tryComplete(collected));
        request.exceptionHandler(gone -> whole.tryFail(left()));
        resume(request);
        return whole.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private Future<Body> form(Exchange exchange, BodyRule rule) {
        HttpServerRequest request = exchange.request();
        Vertx vertx = exchange.context().owner();
        Promise<Body> whole = Promise.promise();
        Map<String, Upload> uploads = new HashMap<>();
        List<Future<Void>> writing = new ArrayList<>();
        List<HttpServerFileUpload> parts = new ArrayList<>();
        long[] received = {0, 0};
        // What is large may take long, as long as it keeps coming.
        long timer = vertx.setPeriodic(deadline.toMillis(), look -> {
            if (received[0] == received[1]) {
                whole.tryFail(slow());
            }
            received[1] = received[0];
        });
        request.setExpectMultipart(true);
        request.uploadHandler(upload -> {
            if (uploads.containsKey(upload.name())) {
                whole.tryFail(Problem.invalid("body", "/" + upload.name(), "is given more than once"));
            } else if (!whole.future().isComplete()) {
                parts.add(upload);
                writing.add(store(upload, uploads).onFailure(whole::tryFail));
            }
        });
        request.handler(piece -> {
            received[0] += piece.length();
            if (received[0] > rule.maxBytes() && whole.tryFail(tooLarge(rule.maxBytes()))) {
                // The parts are being written by the server's own decoder: only the end of the connection stops it.
                vertx.setTimer(LAST_WORDS_MS, said -> request.connection().close());
            }
        });
        request.endHandler(end -> {
            // A part without its closing boundary never ends, and after the request's end none will come.
            vertx.setTimer(LAST_WRITES_MS, late -> whole.tryFail(left()));
            Future.join(writing).onComplete(written -> {
                Map<String, String> fields = new HashMap<>();
                request.formAttributes().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
                whole.tryComplete(new Body(null, fields, sized(uploads)));
            });
        });
        request.exceptionHandler(gone -> whole.tryFail(
                gone.getClass().getName().contains("Decoder")
                        ? Problem.of(400, "malformed-body", "the form cannot be read: " + gone.getMessage())
                        : left()));
        resume(request);
        return whole.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.failed()) {
                // A part that broke off never ends by itself.
                parts.forEach(Bodies::cancel);
                new Body(null, Map.of(), uploads).close();
                vertx.setTimer(LAST_WORDS_MS * 2, later -> new Body(null, Map.of(), uploads).close());
            }
        });
    }

    private static void cancel(HttpServerFileUpload part) {
        try {
            part.cancelStreamToFileSystem();
        } catch (IllegalStateException overAlready) {
            log.debug("a part of a form was over already: {}", overAlready.getMessage());
        }
    }

    private Future<Void> store(HttpServerFileUpload upload, Map<String, Upload> uploads) {
        try {
            Path file = Files.createTempFile(work, "upload-", ".part");
            uploads.put(upload.name(), new Upload(file, upload.filename(), 0));
            return upload.streamToFileSystem(file.toString());
        } catch (IOException full) {
            return Future.failedFuture(full);
        }
    }

    private static Map<String, Upload> sized(Map<String, Upload> uploads) {
        Map<String, Upload> all = new HashMap<>();
        uploads.forEach((name, upload) -> all.put(
                name,
                new Upload(
                        upload.file(), upload.fileName(), upload.file().toFile().length())));
        return all;
    }

    private static void resume(HttpServerRequest request) {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private static Problem tooLarge(long most) {
        return Problem.of(
                413, "content-too-large", "the body is larger than the %d bytes that are taken".formatted(most));
    }

    private static Problem slow() {
        return Problem.of(408, "request-timeout", "the body did not come in time");
    }

    private static Problem left() {
        return Problem.of(400, "malformed-body", "the body broke off");
    }
}
