package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.NodeClient;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Publishing and revoking by a node at its expense: ask, sign here what the job wants signed, and follow it to its end. The
 * owner's key never leaves this process, and signs nothing but the kind of message that was asked for.
 */
final class RemoteJobs {
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final String BOUNDARY = "bitdelta-delta-file";

    private final NodeClient node;
    private final OwnerSigner owner;
    private final Consumer<String> progress;

    /** @param progress told of every step */
    RemoteJobs(NodeClient node, OwnerSigner owner, Consumer<String> progress) {
        this.node = node;
        this.owner = owner;
        this.progress = progress;
    }

    /**
     * Publishes a delta file.
     *
     * @param key idempotency key
     * @return results of the job's steps, by name of the member
     * @throws NoSuchFileException when there is no such file
     */
    Map<String, Object> publish(Path delta, String baseName, String method, String key) throws NoSuchFileException {
        JsonNode job = node.json(node.request("/api/deltas")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", key)
                .POST(form(delta, baseName, method)));
        return follow(job, "Publish");
    }

    /** Revokes a delta. */
    Map<String, Object> revoke(String deltaId) {
        JsonNode job =
                node.json(node.request("/api/deltas/" + deltaId + "/revocation").POST(BodyPublishers.noBody()));
        return follow(job, "Revoke");
    }

    private BodyPublisher form(Path delta, String baseName, String method) throws NoSuchFileException {
        String fields = field("identity", owner.address()) + field("baseName", baseName) + field("method", method)
                + "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"delta\"\r\n"
                + "Content-Type: application/octet-stream\r\n\r\n";
        try {
            return BodyPublishers.concat(
                    BodyPublishers.ofString(fields),
                    BodyPublishers.ofFile(delta),
                    BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
        } catch (FileNotFoundException missing) {
            throw new NoSuchFileException(delta.toString());
        }
    }

    private static String field(String name, String value) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private Map<String, Object> follow(JsonNode accepted, String kind) {
        String path = "/api/jobs/" + accepted.path("id").asString();
        JsonNode job = accepted;
        String told = "";
        while (true) {
            String state = job.path("state").asString();
            String waitingFor = job.path("waitingFor").asString();
            if (!told.equals(state + waitingFor)) {
                told = state + waitingFor;
                progress.accept("job %s: %s %s".formatted(job.path("id").asString(), state, waitingFor));
            }
            switch (state) {
                case "SUCCEEDED" -> {
                    return results(job);
                }
                case "FAILED", "EXPIRED" ->
                    throw CommandException.failure(
                            job.path("problem").path("detail").asString());
                case "WAITING" -> job = sign(path, job, kind);
                default -> {
                    LockSupport.parkNanos(this, PAUSE.toNanos());
                    job = node.get(path);
                }
            }
        }
    }

    private JsonNode sign(String path, JsonNode job, String kind) {
        JsonNode typed = step(job, "prepared").path("typedData");
        TypedDocument document = TypedDocument.parse(typed.toString().getBytes(StandardCharsets.UTF_8));
        if (!document.primaryType().equals(kind)) {
            throw CommandException.failure("the node wants a %s signed where a %s was asked for; nothing was signed"
                    .formatted(document.primaryType(), kind));
        }
        String signature =
                "0x" + HexText.of(owner.sign(document.digest()).bytes()).replaceFirst("^0x", "");
        return node.post(path + "/signature", Map.of("signature", signature));
    }

    private static JsonNode step(JsonNode job, String name) {
        JsonNode newest = job.path("none");
        for (JsonNode step : job.path("steps")) {
            if (step.path("name").asString().equals(name)) {
                newest = step.path("result");
            }
        }
        return newest;
    }

    private static Map<String, Object> results(JsonNode job) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("job", job.path("id").asString());
        for (String step : new String[] {"prepared", "attested", "confirmed"}) {
            step(job, step).properties().forEach(member -> {
                if (!member.getKey().equals("typedData")) {
                    results.put(member.getKey(), member.getValue());
                }
            });
        }
        return results;
    }
}
