package io.bitdelta.attestation.appraisal;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.sign.SignatureScheme;
import io.bitdelta.attestation.sign.SigningKey;
import io.bitdelta.attestation.typed.AppraisalMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Results for others: an EIP-712 message for contracts, and a JWT in the words of the EAT attestation result draft
 * (EdDSA).
 */
public final class SignedResults {
    private static final String PROFILE = "tag:github.com,2023:veraison/ear";
    private static final String HEADER = "{\"alg\":\"EdDSA\",\"typ\":\"eat+jwt\"}";
    private static final int MAX_TOKEN = 256 << 10;
    private static final Set<String> MEASUREMENTS = Set.of(
            "mrenclave",
            "mrsigner",
            "isvprodid",
            "mrtd",
            "mrconfigid",
            "mrowner",
            "rtmr0",
            "rtmr1",
            "rtmr2",
            "rtmr3",
            "measurement",
            "hostdata",
            "driverVersion",
            "vbiosVersion");

    private SignedResults() {}

    /**
     * The message that a verifier signs for the contracts: an attested session key and how long it counts.
     *
     * @param evidence the evidence's own bytes ({@link Appraiser#significant})
     * @throws IllegalArgumentException when the result is not affirming or nothing bounds its validity
     */
    public static AppraisalMessage message(AppraisalResult result, EvmAddress sessionKey, byte[] evidence) {
        if (!result.affirming()) {
            throw new IllegalArgumentException("only an affirming result is signed, this one is "
                    + result.tier().word());
        }
        Instant end = result.validUntil()
                .orElseThrow(() -> new IllegalArgumentException("nothing bounds the validity of this result"));
        return new AppraisalMessage(
                sessionKey,
                result.technology().id(),
                measurementHash(result),
                result.tier().code(),
                Keccak256.of(evidence),
                end.getEpochSecond());
    }

    /** Keccak-256 of the canonical JSON object of the measurement claims (also every {@code pcr}). */
    public static Bytes32 measurementHash(AppraisalResult result) {
        TreeMap<String, JsonValue> out = new TreeMap<>();
        result.claims().forEach((name, value) -> {
            if (MEASUREMENTS.contains(name) || name.matches("pcr[0-9]+")) {
                out.put(name, value);
            }
        });
        return Keccak256.of(CanonicalJson.write(new JsonValue.Members(out)));
    }

    /**
     * A JWT.
     *
     * @param submodules results by name, e.g. {@code cpu} and {@code gpu}
     * @param verifier who judged
     * @param issuedAt the time of the judgement
     * @param key an Ed25519 key
     */
    public static String token(
            Map<String, AppraisalResult> submodules, String verifier, Instant issuedAt, SigningKey key) {
        if (key.scheme() != SignatureScheme.ED25519) {
            throw new IllegalArgumentException(
                    "tokens are signed with Ed25519, not " + key.scheme().word());
        }
        TreeMap<String, JsonValue> submods = new TreeMap<>();
        submodules.forEach((name, result) -> submods.put(
                name,
                new ObjectBuilder()
                        .put("ear.status", result.tier().code())
                        .put("ear.veraison.annotated-evidence", result.json())
                        .build()));
        JsonValue claims = new ObjectBuilder()
                .put(
                        "ear.verifier-id",
                        new ObjectBuilder().put("developer", verifier).build())
                .put("eat_profile", PROFILE)
                .put("iat", issuedAt.getEpochSecond())
                .put("submods", new JsonValue.Members(submods))
                .build();
        String signed = encode(HEADER.getBytes(StandardCharsets.US_ASCII)) + "." + encode(CanonicalJson.write(claims));
        return signed + "." + encode(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Reads a token.
     *
     * @param publicKey 32 bytes of Ed25519
     * @return the results by name
     * @throws SignatureException when the signature or the header is another
     * @throws JsonException when the claims are malformed
     */
    public static Map<String, AppraisalResult> verify(String token, byte[] publicKey) {
        String[] parts = token.length() > MAX_TOKEN ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(encode(HEADER.getBytes(StandardCharsets.US_ASCII)))) {
            throw new SignatureException("not a token with the header " + HEADER);
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        if (!SignatureScheme.ED25519.verify(publicKey, signed, decode(parts[2]))) {
            throw new SignatureException("the token is not signed by this verifier");
        }
        JsonObject claims = JsonObject.of("token", CanonicalJson.read(decode(parts[1]), MAX_TOKEN));
        JsonObject submods = claims.object("submods");
        Map<String, AppraisalResult> out = new TreeMap<>();
        for (String name : submods.keys()) {
            out.put(name, AppraisalResult.of(submods.object(name).object("ear.veraison.annotated-evidence")));
        }
        return out;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        try {
            byte[] out = Base64.getUrlDecoder().decode(text);
            if (!encode(out).equals(text)) {
                throw new SignatureException("the token has base64url with padding or stray bits");
            }
            return out;
        } catch (IllegalArgumentException e) {
            throw new SignatureException("the token is not base64url", e);
        }
    }
}
