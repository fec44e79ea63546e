package io.bitdelta.node.demo;

import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.client.Login;
import io.bitdelta.node.publish.OwnerSigner;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Somebody with a key and a session at the node: all that a contributor or an operator has. */
final class Actor implements AutoCloseable {
    private final ApiClient api;
    private final OwnerSigner signer;
    private final String did;

    private Actor(ApiClient api, OwnerSigner signer, String did) {
        this.api = api;
        this.signer = signer;
        this.did = did;
    }

    /** Signs in. */
    static Actor login(URI node, Secp256k1Key key, Clock clock) {
        OwnerSigner signer = OwnerSigner.of(key);
        try (ApiClient anonymous = new ApiClient(node, Optional.empty())) {
            Login.Opened session = new Login(anonymous, clock).as(signer);
            return new Actor(anonymous.as(session.token()), signer, session.did());
        }
    }

    ApiClient api() {
        return api;
    }

    String did() {
        return did;
    }

    DeltaClient deltas() {
        return new DeltaClient(api, signer, state -> {});
    }

    /** Asks for work, once for each key, and follows it. */
    JsonNode ask(String path, String key, Object body) {
        return api.json(ApiClient.withBody(api.request(path).header("Idempotency-Key", key), body));
    }

    /** Asks for work that needs no further words. */
    JsonNode ask(String path, String key) {
        return api.json(api.request(path).header("Idempotency-Key", key).POST(BodyPublishers.noBody()));
    }

    @Override
    public void close() {
        api.close();
    }
}
