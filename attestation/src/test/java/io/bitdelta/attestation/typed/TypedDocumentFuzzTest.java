package io.bitdelta.attestation.typed;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.json.JsonException;

class TypedDocumentFuzzTest {
    /** What a wallet is asked to sign: hashed whole or refused, and hashed the same twice. */
    @FuzzTest(maxDuration = "10m")
    void typedData(byte[] bytes) {
        Refusals.reads(
                () -> {
                    TypedDocument document = TypedDocument.parse(bytes);
                    Refusals.require(
                            document.digest().equals(TypedDocument.parse(bytes).digest()),
                            "two hashes of one document");
                },
                JsonException.class);
    }
}
