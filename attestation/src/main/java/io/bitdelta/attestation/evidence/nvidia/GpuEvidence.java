package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.bytes.TruncatedException;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.CertCache;
import io.bitdelta.attestation.pki.PkiException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A report and the chain that came with it. Three spellings are read: raw bytes, hex text, and the JSON of NVIDIA's tools
 * ({@code [{"arch","nonce","evidence","certificate"}]}); the first two take their chain from the endorsements.
 *
 * @param report the parsed report
 * @param chain the certificates, leaf first; may be empty
 * @param label the unsigned architecture label, if any
 */
record GpuEvidence(SpdmReport report, List<Cert> chain, Optional<String> label) {
    private static final int MAX_BYTES = 1 << 20;

    static boolean looksLike(byte[] bytes) {
        if (SpdmReport.looksLike(bytes)) {
            return true;
        }
        if (bytes.length < 2 || bytes.length > MAX_BYTES) {
            return false;
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        return text.startsWith("11e0")
                || text.startsWith("11E0")
                || ((text.startsWith("[") || text.startsWith("{"))
                        && text.contains("\"evidence\"")
                        && text.contains("\"certificate\""));
    }

    /** Parses; throws {@link SpdmReport.SpdmException} for whatever is no evidence, in whichever part. */
    static GpuEvidence parse(byte[] bytes, CertCache seen) {
        try {
            return read(bytes, seen);
        } catch (TruncatedException | JsonException | PkiException | IllegalArgumentException e) {
            throw new SpdmReport.SpdmException(String.valueOf(e.getMessage()), e);
        }
    }

    private static GpuEvidence read(byte[] bytes, CertCache seen) {
        if (SpdmReport.looksLike(bytes)) {
            return new GpuEvidence(SpdmReport.parse(bytes), List.of(), Optional.empty());
        }
        String text = new String(bytes, StandardCharsets.UTF_8).strip();
        if (!text.startsWith("[") && !text.startsWith("{")) {
            return new GpuEvidence(SpdmReport.parse(HexFormat.of().parseHex(text)), List.of(), Optional.empty());
        }
        JsonValue value = CanonicalJson.readAny(bytes, MAX_BYTES);
        if (value instanceof JsonValue.Items items) {
            if (items.items().size() != 1) {
                throw new JsonException("evidence: " + items.items().size() + " devices, one is judged at a time");
            }
            value = items.items().getFirst();
        }
        JsonObject object = JsonObject.of("evidence", value);
        return new GpuEvidence(
                SpdmReport.parse(object.base64("evidence")),
                seen.parsePem(object.base64("certificate")),
                object.optionalText("arch"));
    }
}
