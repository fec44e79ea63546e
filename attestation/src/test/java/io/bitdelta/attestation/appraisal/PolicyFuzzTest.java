package io.bitdelta.attestation.appraisal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.json.JsonException;

class PolicyFuzzTest {
    /** JSON behind a brace, YAML otherwise. */
    @FuzzTest(maxDuration = "10m")
    void policy(byte[] bytes) {
        Refusals.reads(() -> PolicyDocument.parse(bytes), JsonException.class);
    }
}
