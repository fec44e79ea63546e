package io.bitdelta.attestation.appraisal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.bench.SampleEvidence;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.pki.OwnPki;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.attestation.sign.SignatureScheme;
import io.bitdelta.attestation.sign.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class SignedResultFuzzTest {
    private static final int MAX_BYTES = 1 << 16;
    private static final SigningKey KEY = SigningKey.of(SignatureScheme.ED25519, seed());
    private static final String TOKEN = token();

    private static byte[] seed() {
        byte[] seed = new byte[32];
        seed[0] = 7;
        return seed;
    }

    private static String token() {
        return SignedResults.token(Map.of("cpu", SampleEvidence.snp().appraise()), "fuzz", OwnPki.NOW, KEY);
    }

    /** A token: only the one that was signed is accepted. Or the JSON of a result: read, it is written the same. */
    @FuzzTest(maxDuration = "10m")
    void result(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean accepted = Refusals.reads(
                () -> SignedResults.verify(text, KEY.publicKey()), SignatureException.class, JsonException.class);
        Refusals.require(!accepted || text.equals(TOKEN), "a token is accepted that nobody signed");
        Refusals.reads(
                () -> {
                    AppraisalResult result =
                            AppraisalResult.of(JsonObject.of("result", CanonicalJson.read(bytes, MAX_BYTES)));
                    AppraisalResult again = AppraisalResult.of(
                            JsonObject.of("result", CanonicalJson.read(CanonicalJson.write(result.json()), MAX_BYTES)));
                    Refusals.require(again.equals(result), "a result is written as another one");
                    SignedResults.measurementHash(result);
                },
                JsonException.class);
    }

    /** Writes seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "io/bitdelta/attestation/appraisal/SignedResultFuzzTestInputs/result");
        JudgedSample.seed(folder, "token", TOKEN.getBytes(StandardCharsets.UTF_8));
        JudgedSample.seed(
                folder,
                "json",
                CanonicalJson.write(SampleEvidence.snp().appraise().json()));
    }
}
