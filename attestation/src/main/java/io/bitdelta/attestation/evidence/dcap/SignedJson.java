package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.PkiException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A collateral document with its detached signature. The signature covers the exact text as received; it is never
 * written anew. Immutable; it remembers which keys its signature was checked with.
 */
final class SignedJson {
    private static final int MAX_BYTES = 1 << 20;

    private final byte[] text;
    private final byte[] signature;
    private final List<Cert> chain;
    private final JsonObject content;
    private final Instant issueDate;
    private final Instant nextUpdate;
    private final Map<Cert, Boolean> checked = new ConcurrentHashMap<>();

    /**
     * Parses.
     *
     * @param name for messages
     * @param text the exact signed text
     * @param signatureHex r and s, 128 hex digits
     * @param chain the certificates that came with it
     * @throws JsonException when the text or the signature's spelling is malformed
     */
    SignedJson(String name, String text, String signatureHex, List<Cert> chain) {
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.chain = List.copyOf(chain);
        this.content = JsonObject.of(name, CanonicalJson.readAny(this.text, MAX_BYTES));
        try {
            this.signature = HexFormat.of().parseHex(signatureHex);
            this.issueDate = Instant.parse(content.text("issueDate"));
            this.nextUpdate = Instant.parse(content.text("nextUpdate"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new JsonException(name + ": " + e.getMessage(), e);
        }
    }

    JsonObject content() {
        return content;
    }

    Instant issueDate() {
        return issueDate;
    }

    Instant nextUpdate() {
        return nextUpdate;
    }

    List<Cert> chain() {
        return chain;
    }

    boolean signedBy(Cert signer) {
        return checked.computeIfAbsent(signer, key -> {
            try {
                return key.publicKey().p256(text, signature);
            } catch (PkiException e) {
                return false;
            }
        });
    }
}
