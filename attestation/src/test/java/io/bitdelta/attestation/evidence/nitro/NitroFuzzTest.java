package io.bitdelta.attestation.evidence.nitro;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import java.io.IOException;
import java.nio.file.Path;

class NitroFuzzTest {
    /** Read when first needed: {@link #main} writes them. */
    private static final class Samples {
        private static final JudgedSample NITRO = JudgedSample.read("nitro");
    }

    @FuzzTest(maxDuration = "10m")
    void document(byte[] bytes) {
        Samples.NITRO.checkEvidence(bytes);
    }

    /** Writes the sample and seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        NitroForgeriesTest.Fixture fixture = new NitroForgeriesTest.Fixture();
        byte[] document = fixture.document();
        Path resources = Path.of(arguments[0], "io/bitdelta/attestation");
        JudgedSample.write(
                resources,
                "nitro",
                fixture.anchors(),
                document,
                fixture.endorsements().documents());
        JudgedSample.seed(resources.resolve("evidence/nitro/NitroFuzzTestInputs/document"), "document", document);
    }
}
