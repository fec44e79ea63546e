package io.bitdelta.node.cli.registry;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.NodeClient;
import io.bitdelta.node.cli.RemoteJob;
import io.bitdelta.node.publish.OwnerSigner;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Publishing and revoking by a node at its expense: ask, sign here what the job wants signed, and follow it to its end. The
 * owner's key never leaves this process, and signs nothing but the kind of message that was asked for.
 */
final class RemoteJobs {
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
     * @return what a publication on a data folder tells
     * @throws NoSuchFileException when there is no such file
     */
    Map<String, Object> publish(Path delta, String baseName, String method, String key) throws NoSuchFileException {
        JsonNode job = node.json(node.request("/api/deltas")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", NodeClient.once(key))
                .POST(form(delta, baseName, method)));
        JsonNode done = follow(job, "Publish", Optional.empty());
        JsonNode prepared = RemoteJob.step(done, "prepared");
        JsonNode attested = RemoteJob.step(done, "attested");
        JsonNode confirmed = RemoteJob.step(done, "confirmed");
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("deltaId", prepared.path("deltaId"));
        results.put("did", confirmed.path("did"));
        results.put("deltaCid", prepared.path("deltaCid"));
        results.put("manifestCid", prepared.path("manifestCid"));
        results.put("evidenceCid", attested.path("evidenceCid"));
        results.put("evidence", attested.path("status"));
        transaction(results, confirmed);
        results.put("confirmations", node.get("/api/node").path("confirmations"));
        return results;
    }

    /** Revokes a delta. */
    Map<String, Object> revoke(String deltaId) {
        JsonNode job =
                node.json(node.request("/api/deltas/" + deltaId + "/revocation").POST(BodyPublishers.noBody()));
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("deltaId", deltaId);
        transaction(results, RemoteJob.step(follow(job, "Revoke", Optional.of(deltaId)), "confirmed"));
        return results;
    }

    /** What a revocation on a data folder tells. */
    static Map<String, Object> revoked(String deltaId, OutboxEntry sent) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("deltaId", deltaId);
        results.put("tx", sent.hash());
        results.put("gas", sent.gasUsed());
        results.put("block", sent.block());
        return results;
    }

    private static void transaction(Map<String, Object> results, JsonNode confirmed) {
        for (String member : new String[] {"tx", "gas", "block"}) {
            results.put(member, confirmed.path(member));
        }
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

    /** @param deltaId what the message must be about, where that is known beforehand */
    private JsonNode follow(JsonNode accepted, String kind, Optional<String> deltaId) {
        return RemoteJob.follow(node, accepted, progress, job -> sign(job, kind, deltaId));
    }

    private JsonNode sign(JsonNode job, String kind, Optional<String> deltaId) {
        JsonNode typed = RemoteJob.step(job, "prepared").path("typedData");
        TypedDocument document = TypedDocument.parse(typed.toString().getBytes(StandardCharsets.UTF_8));
        if (!document.primaryType().equals(kind)) {
            throw CommandException.failure("the node wants a %s signed where a %s was asked for; nothing was signed"
                    .formatted(document.primaryType(), kind));
        }
        String about = typed.path("message").path("deltaId").asString("");
        if (deltaId.isPresent() && !about.equals(deltaId.get())) {
            throw CommandException.failure(
                    "the node wants a signature about %s where %s was asked for; nothing was signed"
                            .formatted(about, deltaId.get()));
        }
        String signature =
                "0x" + HexText.of(owner.sign(document.digest()).bytes()).replaceFirst("^0x", "");
        return node.post(RemoteJob.path(job.path("id").asString()) + "/signature", Map.of("signature", signature));
    }
}
