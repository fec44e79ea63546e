package io.bitdelta.attestation.did;

import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Builds the W3C DID document of an account. Equal inputs give equal documents. */
public final class DidDocument {
    private DidDocument() {}

    /**
     * A document.
     *
     * @param did the subject
     * @param controllers who may act for it; empty means the subject itself
     * @param envelopeKey 1216 bytes of the key that deltas are sealed for
     * @param gateway where its content is served
     */
    public static JsonValue of(
            LuxDid did, List<LuxDid> controllers, Optional<byte[]> envelopeKey, Optional<String> gateway) {
        String id = did.toString();
        List<JsonValue> methods = new ArrayList<>();
        methods.add(new ObjectBuilder()
                .put(
                        "blockchainAccountId",
                        "eip155:" + did.chainId() + ":" + did.address().hex())
                .put("controller", id)
                .put("id", id + "#controller")
                .put("type", "EcdsaSecp256k1RecoveryMethod2020")
                .build());
        ObjectBuilder document = new ObjectBuilder()
                .put(
                        "@context",
                        JsonValue.texts(List.of(
                                "https://www.w3.org/ns/did/v1",
                                "https://w3id.org/security/suites/secp256k1recovery-2020/v2")))
                .put("alsoKnownAs", JsonValue.texts(alsoKnownAs(did)))
                .put("assertionMethod", JsonValue.texts(List.of(id + "#controller")))
                .put("authentication", JsonValue.texts(List.of(id + "#controller")))
                .put(
                        "controller",
                        JsonValue.texts((controllers.isEmpty() ? List.of(did) : controllers)
                                .stream().map(LuxDid::toString).toList()))
                .put("id", id);
        if (envelopeKey.isPresent()) {
            methods.add(new ObjectBuilder()
                    .put("controller", id)
                    .put("id", id + "#envelope")
                    .put(
                            "publicKeyMultibase",
                            "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(envelopeKey.get()))
                    .put("type", "BitDeltaEnvelopeKey2026")
                    .build());
            document.put("keyAgreement", JsonValue.texts(List.of(id + "#envelope")));
        }
        gateway.ifPresent(url -> document.put(
                "service",
                new JsonValue.Items(List.of(new ObjectBuilder()
                        .put("id", id + "#gateway")
                        .put("serviceEndpoint", url)
                        .put("type", "IpfsGateway")
                        .build()))));
        return document.put("verificationMethod", new JsonValue.Items(methods)).build();
    }

    /** The same account in the methods {@code did:pkh} and {@code did:ethr}. */
    public static List<String> alsoKnownAs(LuxDid did) {
        return List.of(
                "did:pkh:eip155:" + did.chainId() + ":" + did.address().hex(),
                "did:ethr:0x" + Long.toHexString(did.chainId()) + ":"
                        + did.address().hex());
    }
}
