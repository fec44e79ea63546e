package io.bitdelta.node.did;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.did.DidDocument;
import io.bitdelta.attestation.did.LuxDid;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds W3C DID documents of identities (did:ethr's conventions for delegates and attributes). Equal states give equal
 * documents. What an owner wrote that is no service or key is left out, never an error.
 */
final class DidDocuments {
    /** Delegates of this type sign as the identity. */
    static final String SIGN = "veriKey";

    /** Delegates of this type also log in as the identity. */
    static final String LOG_IN = "sigAuth";

    /** Delegates of this type publish and revoke the identity's deltas. */
    static final String PUBLISH = "bitdelta.publish";

    private static final String SERVICE = "did/svc/";
    private static final String KEY = "did/pub/";
    private static final int MOST_ENDPOINT_CHARACTERS = 2048;
    private static final byte[] SECP256K1 = {(byte) 0xe7, 0x01};
    private static final byte[] ED25519 = {(byte) 0xed, 0x01};
    private static final byte[] X25519 = {(byte) 0xec, 0x01};
    private static final int ENVELOPE_KEY_BYTES = 1216;

    private DidDocuments() {}

    /** The document of an identity that is in use. */
    static Map<String, Object> of(LuxDid did, EvmAddress owner, IdentityState state) {
        Draft draft = new Draft(did);
        draft.account("#controller", owner, List.of("authentication", "assertionMethod", "capabilityInvocation"));
        state.delegates()
                .forEach(delegate -> purposes(text(delegate.type()))
                        .ifPresent(purposes ->
                                draft.account("#delegate-" + delegate.ordinal(), delegate.account(), purposes)));
        state.attributes().forEach(draft::attribute);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@context", CONTEXT);
        document.put("id", did.toString());
        document.put("alsoKnownAs", DidDocument.alsoKnownAs(did));
        document.put("controller", new LuxDid(did.chainId(), owner).toString());
        document.put("verificationMethod", draft.methods);
        draft.relationships.forEach(document::put);
        if (!draft.services.isEmpty()) {
            document.put("service", draft.services);
        }
        return document;
    }

    private static final List<String> CONTEXT = List.of(
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/secp256k1recovery-2020/v2",
            "https://w3id.org/security/multikey/v1");

    /** The document of an identity that is not: nobody acts for it. */
    static Map<String, Object> deactivated(LuxDid did) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("@context", CONTEXT);
        document.put("id", did.toString());
        document.put("verificationMethod", List.of());
        document.put("authentication", List.of());
        document.put("assertionMethod", List.of());
        return document;
    }

    private static Optional<List<String>> purposes(String type) {
        return switch (type) {
            case SIGN -> Optional.of(List.of("assertionMethod"));
            case LOG_IN -> Optional.of(List.of("authentication", "assertionMethod"));
            case PUBLISH -> Optional.of(List.of("capabilityInvocation"));
            default -> Optional.empty();
        };
    }

    /** The text in a word that is filled up with zeros. */
    static String text(Bytes32 word) {
        byte[] bytes = word.bytes();
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** What a document gathers. */
    private static final class Draft {
        private final String id;
        private final long chainId;
        private final List<Map<String, Object>> methods = new ArrayList<>();
        private final Map<String, List<String>> relationships = new LinkedHashMap<>();
        private final List<Map<String, Object>> services = new ArrayList<>();

        Draft(LuxDid did) {
            this.id = did.toString();
            this.chainId = did.chainId();
            relationships.put("authentication", new ArrayList<>());
            relationships.put("assertionMethod", new ArrayList<>());
        }

        void account(String fragment, EvmAddress account, List<String> purposes) {
            method(
                    fragment,
                    "EcdsaSecp256k1RecoveryMethod2020",
                    "blockchainAccountId",
                    "eip155:" + chainId + ":" + account.hex(),
                    purposes);
        }

        void attribute(IdentityState.Attribute attribute) {
            String name = text(attribute.name());
            byte[] value = HexText.parse(attribute.valueHex());
            if (name.startsWith(SERVICE)) {
                service(name.substring(SERVICE.length()), attribute.ordinal(), value);
            } else if (name.startsWith(KEY)) {
                key(name.substring(KEY.length()).split("/", -1), attribute.ordinal(), value);
            }
        }

        /** {@code did/svc/<type>}: the value is the address in UTF-8. */
        private void service(String type, int ordinal, byte[] value) {
            Optional<String> endpoint = address(value);
            if (type.matches("[A-Za-z0-9._-]+") && endpoint.isPresent()) {
                Map<String, Object> service = new LinkedHashMap<>();
                service.put("id", id + "#service-" + ordinal);
                service.put("type", type);
                service.put("serviceEndpoint", endpoint.get());
                services.add(service);
            }
        }

        private static Optional<String> address(byte[] value) {
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(value))
                        .toString();
                boolean usable = text.length() <= MOST_ENDPOINT_CHARACTERS && new URI(text).isAbsolute();
                return usable ? Optional.of(text) : Optional.empty();
            } catch (CharacterCodingException | URISyntaxException noAddress) {
                return Optional.empty();
            }
        }

        /** {@code did/pub/<algorithm>/<purpose>[/<encoding>]}: the value is the key's bytes. */
        private void key(String[] parts, int ordinal, byte[] value) {
            if (parts.length < 2) {
                return;
            }
            String fragment = "#key-" + ordinal;
            List<String> purposes =
                    switch (parts[1]) {
                        case SIGN -> List.of("assertionMethod");
                        case LOG_IN -> List.of("authentication", "assertionMethod");
                        case "enc" -> List.of("keyAgreement");
                        default -> List.of();
                    };
            switch (parts[0]) {
                case "Secp256k1" -> multikey(fragment, SECP256K1, 33, value, purposes);
                case "Ed25519" -> multikey(fragment, ED25519, 32, value, purposes);
                case "X25519" -> multikey(fragment, X25519, 32, value, purposes);
                case "BitDelta" -> {
                    if (value.length == ENVELOPE_KEY_BYTES && !purposes.isEmpty()) {
                        method(fragment, "BitDeltaEnvelopeKey2026", "publicKeyMultibase", base64(value), purposes);
                    }
                }
                default -> {
                    // A kind of key that nobody here could use.
                }
            }
        }

        private void multikey(String fragment, byte[] codec, int length, byte[] value, List<String> purposes) {
            if (value.length == length && !purposes.isEmpty()) {
                ByteArrayOutputStream coded = new ByteArrayOutputStream();
                coded.writeBytes(codec);
                coded.writeBytes(value);
                method(fragment, "Multikey", "publicKeyMultibase", base64(coded.toByteArray()), purposes);
            }
        }

        private static String base64(byte[] bytes) {
            return "u" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }

        private void method(String fragment, String type, String property, String value, List<String> purposes) {
            Map<String, Object> method = new LinkedHashMap<>();
            method.put("id", id + fragment);
            method.put("type", type);
            method.put("controller", id);
            method.put(property, value);
            methods.add(method);
            purposes.forEach(purpose -> relationships
                    .computeIfAbsent(purpose, absent -> new ArrayList<>())
                    .add(id + fragment));
        }
    }
}
