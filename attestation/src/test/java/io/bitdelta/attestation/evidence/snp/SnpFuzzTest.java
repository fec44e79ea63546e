package io.bitdelta.attestation.evidence.snp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.pki.OwnPki;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class SnpFuzzTest {
    /** Read when first needed: {@link #main} writes them. */
    private static final class Samples {
        private static final JudgedSample MILAN = JudgedSample.read("snp");
    }

    /** A report, or behind a byte that no report begins with, a certificate or list. */
    @FuzzTest(maxDuration = "10m")
    void report(byte[] bytes) {
        if (bytes.length > 0 && (bytes[0] & 0x80) != 0) {
            bytes[0] &= 0x7f;
            Samples.MILAN.checkEndorsement(bytes);
        } else {
            Samples.MILAN.checkEvidence(bytes);
        }
    }

    /** Writes the sample and seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        SnpForgeriesTest.Fixture fixture = new SnpForgeriesTest.Fixture();
        fixture.crl = OwnPki.crl(fixture.ark);
        byte[] report = fixture.signed();
        List<byte[]> endorsements = fixture.endorsements();
        Path resources = Path.of(arguments[0], "io/bitdelta/attestation");
        Path inputs = resources.resolve("evidence/snp/SnpFuzzTestInputs/report");
        JudgedSample.write(resources, "snp", fixture.anchors(), report, endorsements);
        JudgedSample.seed(inputs, "report", report);
        JudgedSample.seeds(inputs, endorsements, 0x80);
    }
}
