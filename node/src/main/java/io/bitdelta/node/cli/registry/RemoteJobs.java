package io.bitdelta.node.cli.registry;

import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.client.RemoteJob;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Publishing and revoking by a node at its expense, told as the same on a data folder. */
final class RemoteJobs {
    private final ApiClient node;
    private final DeltaClient deltas;

    /** @param progress told of every new state */
    RemoteJobs(ApiClient node, OwnerSigner owner, Consumer<String> progress) {
        this.node = node;
        this.deltas = new DeltaClient(node, owner, progress);
    }

    /**
     * Publishes a delta file.
     *
     * @param request whose intent is the idempotency key
     * @return what a publication on a data folder tells
     * @throws NoSuchFileException when there is no such file
     */
    Map<String, Object> publish(PublishRequest request) throws NoSuchFileException {
        RemoteJob done = deltas.publish(request);
        JsonNode prepared = done.result("prepared").orElseThrow();
        JsonNode attested = done.result("attested").orElseThrow();
        JsonNode confirmed = done.result("confirmed").orElseThrow();
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("deltaId", prepared.path("deltaId").asString());
        results.put("did", confirmed.path("did").asString());
        results.put("deltaCid", prepared.path("deltaCid").asString());
        results.put("manifestCid", prepared.path("manifestCid").asString());
        results.put("evidenceCid", attested.path("evidenceCid").asString());
        results.put("evidence", attested.path("status").asString());
        transaction(results, confirmed);
        results.put("confirmations", node.get("/api/node").path("confirmations").asLong());
        return results;
    }

    /** Revokes a delta. */
    Map<String, Object> revoke(String deltaId) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("deltaId", deltaId);
        transaction(results, deltas.revoke(deltaId).result("confirmed").orElseThrow());
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
        results.put("tx", confirmed.path("tx").asString());
        results.put("gas", confirmed.path("gas").asLong());
        results.put("block", confirmed.path("block").asLong());
    }
}
