package io.bitdelta.attestation.evidence.software;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * Development evidence: canonical JSON with the members {@code debug} (always "enabled"), {@code measurement},
 * {@code publicKey}, {@code reportData}, {@code signature} (Ed25519 over a tag and the JSON without it) and {@code type}.
 * Immutable.
 */
final class SoftwareEvidence {
    static final String TYPE = "bitdelta/software-evidence/1";
    static final int MAX_BYTES = 4096;

    private static final byte[] TAG = "bitdelta.software-evidence.v1\n".getBytes(StandardCharsets.UTF_8);

    private final byte[] reportData;
    private final Bytes32 measurement;
    private final byte[] publicKey;
    private final byte[] signature;

    private SoftwareEvidence(byte[] reportData, Bytes32 measurement, byte[] publicKey, byte[] signature) {
        this.reportData = reportData;
        this.measurement = measurement;
        this.publicKey = publicKey;
        this.signature = signature;
    }

    static SoftwareEvidence sign(byte[] reportData, Bytes32 measurement, Ed25519PrivateKeyParameters key) {
        byte[] publicKey = key.generatePublicKey().getEncoded();
        byte[] message = message(unsigned(reportData, measurement, publicKey).build());
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, key);
        signer.update(message, 0, message.length);
        return new SoftwareEvidence(reportData.clone(), measurement, publicKey, signer.generateSignature());
    }

    /** Parses; throws {@link JsonException} for anything else than the one canonical form. */
    static SoftwareEvidence parse(byte[] bytes) {
        JsonObject root = JsonObject.of("evidence", CanonicalJson.read(bytes, MAX_BYTES));
        if (!root.text("type").equals(TYPE)
                || !root.text("debug").equals("enabled")
                || root.keys().size() != 6) {
            throw new JsonException("evidence: not " + TYPE + " with debug \"enabled\" and six members");
        }
        return new SoftwareEvidence(
                root.hex("reportData", Statement.REPORT_DATA_LENGTH),
                root.bytes32("measurement"),
                root.hex("publicKey", Ed25519PublicKeyParameters.KEY_SIZE),
                root.hex("signature", Ed25519PrivateKeyParameters.SIGNATURE_SIZE));
    }

    byte[] bytes() {
        return CanonicalJson.write(unsigned(reportData, measurement, publicKey)
                .put("signature", HexText.of(signature))
                .build());
    }

    byte[] reportData() {
        return reportData.clone();
    }

    Bytes32 measurement() {
        return measurement;
    }

    Bytes32 publicKey() {
        return Bytes32.of(publicKey);
    }

    boolean signatureHolds() {
        Ed25519Signer signer = new Ed25519Signer();
        try {
            signer.init(false, new Ed25519PublicKeyParameters(publicKey));
        } catch (IllegalArgumentException e) {
            return false;
        }
        byte[] message = message(unsigned(reportData, measurement, publicKey).build());
        signer.update(message, 0, message.length);
        return signer.verifySignature(signature);
    }

    private static byte[] message(JsonValue unsigned) {
        byte[] json = CanonicalJson.write(unsigned);
        byte[] out = Arrays.copyOf(TAG, TAG.length + json.length);
        System.arraycopy(json, 0, out, TAG.length, json.length);
        return out;
    }

    private static ObjectBuilder unsigned(byte[] reportData, Bytes32 measurement, byte[] publicKey) {
        return new ObjectBuilder()
                .put("debug", "enabled")
                .put("measurement", measurement)
                .put("publicKey", HexText.of(publicKey))
                .put("reportData", HexText.of(reportData))
                .put("type", TYPE);
    }
}
