package io.bitdelta.node.client;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Publishing, revoking and consenting through a node: ask, sign here what it wants signed, and follow it to its end. The
 * owner's key never leaves this process, and signs nothing but the kind of message that was asked for.
 */
public final class DeltaClient {
    private static final String BOUNDARY = "bitdelta-delta-file";

    private final ApiClient node;
    private final OwnerSigner owner;
    private final Consumer<String> progress;

    /** @param progress told of every new state */
    public DeltaClient(ApiClient node, OwnerSigner owner, Consumer<String> progress) {
        this.node = node;
        this.owner = owner;
        this.progress = progress;
    }

    /**
     * Publishes a delta file at the node's expense.
     *
     * @param request its intent is the idempotency key
     * @return the job, which has succeeded
     * @throws NoSuchFileException when there is no such file
     * @throws JobFailedException when the node gave it up
     */
    public RemoteJob publish(PublishRequest request) throws NoSuchFileException {
        JsonNode accepted = node.json(node.request("/api/deltas")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", ApiClient.once(request.intent()))
                .POST(form(request)));
        return signed(accepted, "Publish", Optional.empty());
    }

    /**
     * Revokes a delta at the node's expense.
     *
     * @return the job, which has succeeded
     * @throws JobFailedException when the node gave it up
     */
    public RemoteJob revoke(String deltaId) {
        JsonNode accepted =
                node.json(node.request("/api/deltas/" + deltaId + "/revocation").POST(BodyPublishers.noBody()));
        return signed(accepted, "Revoke", Optional.of(deltaId));
    }

    /** What the owner is asked to consent to: entries of {@code GET /api/dids/{did}/consents}. */
    public JsonNode consentsAskedFor(String did) {
        return node.get("/api/dids/" + ApiClient.escape(did) + "/consents").path("consents");
    }

    /**
     * Consents to a soup.
     *
     * @param request one of {@link #consentsAskedFor}
     * @return the request, given
     */
    public JsonNode consent(JsonNode request) {
        return node.post(
                "/api/soup-proposals/" + request.path("proposal").stringValue() + "/consents",
                Map.of(
                        "deltaId",
                        request.path("deltaId").stringValue(),
                        "signature",
                        sign(
                                request.path("typedData"),
                                "SoupConsent",
                                Optional.of(request.path("deltaId").stringValue()))));
    }

    private BodyPublisher form(PublishRequest request) throws NoSuchFileException {
        Path delta = request.deltaFile();
        String fields = field("identity", owner.address()) + field("baseName", request.baseName())
                + field("method", request.trainingMethod())
                + request.training()
                        .map(record -> field("training", new String(record.bytes(), StandardCharsets.UTF_8)))
                        .orElse("")
                + request.evaluation()
                        .map(report -> field("evaluation", new String(report.bytes(), StandardCharsets.UTF_8)))
                        .orElse("")
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

    /** @param deltaId what the message must be about, where that is known beforehand */
    private RemoteJob signed(JsonNode accepted, String kind, Optional<String> deltaId) {
        RemoteJob job = new RemoteJob(node, accepted, progress);
        while (!job.settle()) {
            JsonNode typed = job.result("prepared")
                    .orElseThrow(() -> new JobFailedException(
                            "job %s waits for something that this program does not know".formatted(job.id())))
                    .path("typedData");
            job.answer("signature", Map.of("signature", sign(typed, kind, deltaId)));
        }
        return job;
    }

    private String sign(JsonNode typed, String kind, Optional<String> deltaId) {
        TypedDocument document = TypedDocument.parse(typed.toString().getBytes(StandardCharsets.UTF_8));
        if (!document.primaryType().equals(kind)) {
            throw new JobFailedException("the node wants a %s signed where a %s was asked for; nothing was signed"
                    .formatted(document.primaryType(), kind));
        }
        String about = typed.path("message").path("deltaId").stringValue("");
        if (deltaId.isPresent() && !about.equals(deltaId.get())) {
            throw new JobFailedException(
                    "the node wants a signature about %s where %s was asked for; nothing was signed"
                            .formatted(about, deltaId.get()));
        }
        return HexText.of(owner.sign(document.digest()).bytes());
    }
}
