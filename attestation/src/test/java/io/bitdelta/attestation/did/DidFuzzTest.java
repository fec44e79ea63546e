package io.bitdelta.attestation.did;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

class DidFuzzTest {
    /** What is read is the same text but for the case of the address. */
    @FuzzTest(maxDuration = "10m")
    void did(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Refusals.reads(
                () -> {
                    LuxDid did = LuxDid.parse(text);
                    Refusals.require(
                            did.toString().equals(text.toLowerCase(Locale.ROOT)), "a DID is written as another one");
                    Refusals.require(LuxDid.parse(did.toString()).equals(did), "a DID does not come back");
                    Refusals.require(DidDocument.alsoKnownAs(did).size() == 2, "an equivalent is missing");
                },
                DidSyntaxException.class);
    }
}
